package dev.sagamart.gateway.documentation;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.DeclaredServices.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Swagger UI as it comes in its jar, except for the script that says which documents it
 * shows. The documents of services are routes.
 */
@Configuration(proxyBeanMethods = false)
class DocumentationRoutes {

	private static final MediaType JAVASCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);

	private static final CacheControl AN_HOUR = CacheControl.maxAge(Duration.ofHours(1));

	@Bean
	RouterFunction<ServerResponse> documentation(DeclaredServices services,
			@Value("${sagamart.gateway.documentation.swagger-ui-version}") String version) throws IOException {
		String script = script(services);
		String swaggerUi = "META-INF/resources/webjars/swagger-ui/" + version + "/";
		return RouterFunctions.route()
			.route(reading("/openapi/gateway.json"),
					(request) -> ServerResponse.ok()
						.contentType(MediaType.APPLICATION_JSON)
						.cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)))
						.bodyValue(new ClassPathResource("openapi/gateway.json")))
			.route(reading("/docs"), (request) -> ServerResponse.permanentRedirect(URI.create("/docs/")).build())
			.route(reading("/docs/"),
					(request) -> ServerResponse.ok()
						.contentType(MediaType.TEXT_HTML)
						.cacheControl(AN_HOUR)
						.bodyValue(new ClassPathResource(swaggerUi + "index.html")))
			.route(reading("/docs/swagger-initializer.js"),
					(request) -> ServerResponse.ok().contentType(JAVASCRIPT).cacheControl(AN_HOUR).bodyValue(script))
			.resources("/docs/**", new ClassPathResource(swaggerUi),
					(resource, headers) -> headers.setCacheControl(AN_HOUR))
			.build();
	}

	/** Begins with the list of documents that there are. */
	private static String script(DeclaredServices services) throws IOException {
		List<String> documents = new ArrayList<>(services.routed().values().stream().map(Service::schema).toList());
		documents.add("gateway");
		return "const DOCUMENTS = " + JsonMapper.shared().writeValueAsString(documents) + "\n"
				+ new ClassPathResource("documentation/swagger-initializer.js")
					.getContentAsString(StandardCharsets.UTF_8);
	}

	/** The shorthand for {@code GET} knows no {@code HEAD}. */
	private static RequestPredicate reading(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

}
