package dev.sagamart.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class DeclaredServicesTests {

	@ParameterizedTest
	@CsvSource({ "POST, /api/reviews/1, true", "GET, /api/reviews/1, true", "HEAD, /api/reviews/1, true",
			"PUT, /api/reviews/1, false", "GET, /api/reviews/stats, false", "GET, /api/reviews, false",
			"GET, /api/others/1, false", "POST, /api/others/1, true" })
	void useTheFirstPathThatMatches(String method, String path, boolean throttled) {
		Predicate<ServerHttpRequest> requests = declared("""
				services.a-service.paths[0].path=/api/reviews/stats
				services.a-service.paths[1].path=/api/reviews/{id}
				services.a-service.paths[1].throttled=GET,POST
				services.b-service.paths[0].path=/api/**
				services.b-service.paths[0].throttled=POST
				""").requests(DeclaredServices.Path::throttled);
		assertThat(requests.test(MockServerHttpRequest.method(HttpMethod.valueOf(method), path).build()))
			.isEqualTo(throttled);
	}

	@Test
	void refuseUnknownMethods() {
		assertThatException().isThrownBy(() -> declared("""
				services.a-service.paths[0].path=/api/reviews
				services.a-service.paths[0].throttled=GET,post
				""")).withStackTraceContaining("post] is not among [GET, HEAD, POST");
	}

	/** Binds properties in the given order, which is also that of the services. */
	private static DeclaredServices declared(String properties) {
		Map<String, String> all = new LinkedHashMap<>();
		("""
				edge=edge
				services.a-service.schema=a
				services.a-service.port=1
				services.b-service.schema=b
				services.b-service.port=2
				""" + properties).lines()
			.map((line) -> line.split("=", 2))
			.forEach((line) -> all.put(line[0], line[1]));
		return new Binder(new MapConfigurationPropertySource(all))
			.bindOrCreate(ConfigurationPropertyName.EMPTY.toString(), DeclaredServices.class);
	}

}
