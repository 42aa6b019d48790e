package dev.sagamart.gateway.declaration;

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
	void areAskedForTheFirstPathThatMatches(String method, String path, boolean throttled) {
		Predicate<ServerHttpRequest> requests = declared(
				Map.of("services.a-service.paths[0].path", "/api/reviews/stats", "services.a-service.paths[1].path",
						"/api/reviews/{id}", "services.a-service.paths[1].throttled", "GET,POST",
						"services.b-service.paths[0].path", "/api/**", "services.b-service.paths[0].throttled", "POST"))
			.requests(DeclaredPath::throttled);
		assertThat(requests.test(MockServerHttpRequest.method(HttpMethod.valueOf(method), path).build()))
			.isEqualTo(throttled);
	}

	@Test
	void refuseAMethodThatThereIsNot() {
		Map<String, String> properties = Map.of("services.a-service.paths[0].path", "/api/reviews",
				"services.a-service.paths[0].throttled", "GET,post");
		assertThatException().isThrownBy(() -> declared(properties))
			.withStackTraceContaining("post] is not among [GET, HEAD, POST");
	}

	private static DeclaredServices declared(Map<String, String> properties) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource(
				Map.of("edge", "edge", "services.a-service.schema", "a", "services.b-service.schema", "b",
						"services.a-service.port", "1", "services.b-service.port", "2"));
		properties.forEach(source::put);
		return new Binder(source).bindOrCreate(ConfigurationPropertyName.EMPTY.toString(), DeclaredServices.class);
	}

}
