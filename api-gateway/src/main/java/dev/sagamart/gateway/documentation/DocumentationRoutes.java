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
 * Serves Swagger UI from its WebJar, except for the script with the list of documents.
 * The documents of the services are routes of the gateway.
 */
@Configuration(proxyBeanMethods = false)
class DocumentationRoutes {

	private static final MediaType JAVASCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);

	private static final CacheControl ONE_HOUR = CacheControl.maxAge(Duration.ofHours(1));

	@Bean
	RouterFunction<ServerResponse> documentation(DeclaredServices services,
			@Value("${sagamart.gateway.documentation.swagger-ui-version}") String version) throws IOException {
		String script = script(services);
		String swaggerUi = "META-INF/resources/webjars/swagger-ui/" + version + "/";
		return RouterFunctions.route()
			.route(getOrHead("/openapi/gateway.json"),
					(request) -> ServerResponse.ok()
						.contentType(MediaType.APPLICATION_JSON)
						.cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)))
						.bodyValue(new ClassPathResource("openapi/gateway.json")))
			.route(getOrHead("/docs"), (request) -> ServerResponse.permanentRedirect(URI.create("/docs/")).build())
			.route(getOrHead("/docs/"),
					(request) -> ServerResponse.ok()
						.contentType(MediaType.TEXT_HTML)
						.cacheControl(ONE_HOUR)
						.bodyValue(new ClassPathResource(swaggerUi + "index.html")))
			.route(getOrHead("/docs/swagger-initializer.js"),
					(request) -> ServerResponse.ok().contentType(JAVASCRIPT).cacheControl(ONE_HOUR).bodyValue(script))
			.resources("/docs/**", new ClassPathResource(swaggerUi),
					(resource, headers) -> headers.setCacheControl(ONE_HOUR))
			.build();
	}

	/** Returns the script, which starts with the list of documents. */
	private static String script(DeclaredServices services) throws IOException {
		List<String> documents = new ArrayList<>(services.routed().values().stream().map(Service::schema).toList());
		documents.add("gateway");
		return "const DOCUMENTS = " + JsonMapper.shared().writeValueAsString(documents) + "\n"
				+ new ClassPathResource("documentation/swagger-initializer.js")
					.getContentAsString(StandardCharsets.UTF_8);
	}

	/** Spring's {@code GET()} does not match {@code HEAD}. */
	private static RequestPredicate getOrHead(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

}
