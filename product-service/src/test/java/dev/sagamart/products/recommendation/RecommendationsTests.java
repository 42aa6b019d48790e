package dev.sagamart.products.recommendation;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.recommendation.Recommendations.Source;
import dev.sagamart.products.stock.Availability;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecommendationsTests {

	private final CatalogueProduct lamp = product("Lamp");

	private final CatalogueProduct chair = product("Chair");

	@Test
	void areRelatedProductsIfAvailable() {
		Recommendations recommendations = new Recommendations((id, user) -> List.of(this.chair),
				(limit) -> List.of(this.lamp));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(this.chair), Source.RELATED));
	}

	@Test
	void areOtherwisePopularProductsExceptTheProductItself() {
		Recommendations recommendations = new Recommendations((id, user) -> List.of(),
				(limit) -> List.of(this.lamp, this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(this.chair), Source.POPULAR));
	}

	@Test
	void areCachedWhileTheDatabaseIsUnavailable() {
		AtomicBoolean unavailable = new AtomicBoolean();
		Recommendations recommendations = new Recommendations((id, user) -> {
			if (unavailable.get()) {
				throw new IllegalStateException("unavailable");
			}
			return List.of();
		}, (limit) -> List.of(this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null).source()).isEqualTo(Source.POPULAR);
		unavailable.set(true);
		assertThat(recommendations.forProduct(this.lamp.id(), null).products()).containsExactly(this.chair);
	}

	@Test
	void areEmptyIfNothingIsAvailable() {
		Recommendations recommendations = new Recommendations((id, user) -> {
			throw new IllegalStateException("unavailable");
		}, (limit) -> List.of(this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(), Source.NONE));
	}

	private static CatalogueProduct product(String name) {
		return new CatalogueProduct(UUID.randomUUID(), name, name, "", "home", new Money(1, "EUR"),
				Availability.IN_STOCK, true, 0, 0);
	}

}
