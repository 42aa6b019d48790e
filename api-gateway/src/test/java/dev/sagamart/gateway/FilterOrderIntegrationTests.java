package dev.sagamart.gateway;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

class FilterOrderIntegrationTests extends GatewayTest {

	@Autowired
	private List<WebFilter> requestFilters;

	@Autowired
	private List<GlobalFilter> routeFilters;

	@Test
	void runsTheFiltersInTheOrderOfTheConstants() {
		List<String> ours = Stream.concat(sorted(this.requestFilters), sorted(this.routeFilters))
			.filter((filter) -> filter.getClass().getName().startsWith("dev.sagamart."))
			.map(FilterOrderIntegrationTests::name)
			.toList();
		assertThat(ours).isEqualTo(Arrays.stream(EdgeFilter.class.getDeclaredFields())
			.filter((position) -> !position.isSynthetic())
			.map(Field::getName)
			.toList());
	}

	@Test
	void runsOurWebFiltersBeforeThoseOfSpring() {
		List<String> all = sorted(this.requestFilters).map((filter) -> filter.getClass().getName()).toList();
		int last = all.lastIndexOf(all.stream()
			.filter((name) -> name.startsWith("dev.sagamart."))
			.reduce((one, next) -> next)
			.orElseThrow());
		assertThat(all.subList(0, last + 1)).allMatch((name) -> name.startsWith("dev.sagamart."));
		assertThat(all.subList(last + 1, all.size())).contains(WebFilterChainProxy.class.getName());
	}

	private static <T> Stream<T> sorted(List<T> filters) {
		return filters.stream().sorted(AnnotationAwareOrderComparator.INSTANCE);
	}

	/** Returns {@code LOAD_SHEDDING} for {@code LoadSheddingFilter}. */
	private static String name(Object filter) {
		return filter.getClass()
			.getSimpleName()
			.replaceFirst("Filter$", "")
			.replaceAll("([a-z])([A-Z])", "$1_$2")
			.toUpperCase(Locale.ROOT);
	}

}
