package dev.sagamart.gateway.documentation;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.DeclaredServices.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves Swagger UI from its WebJar, except for the script with the list of documents,
 * and a page for messages. The documents of the services are routes of the gateway.
 */
@Configuration(proxyBeanMethods = false)
class DocumentationRoutes {

	private static final MediaType JAVASCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);

	private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);

	private static final CacheControl ONE_HOUR = CacheControl.maxAge(Duration.ofHours(1));

	@Bean
	RouterFunction<ServerResponse> documentation(DeclaredServices services,
			@Value("${sagamart.gateway.documentation.swagger-ui-version}") String version) throws IOException {
		List<String> documented = services.routed().values().stream().map(Service::schema).toList();
		List<String> all = Stream.concat(documented.stream(), Stream.of("gateway")).toList();
		String swaggerUi = "META-INF/resources/webjars/swagger-ui/" + version + "/";
		return RouterFunctions.route()
			.route(getOrHead("/openapi/gateway.json"),
					(request) -> ServerResponse.ok()
						.contentType(MediaType.APPLICATION_JSON)
						.cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)))
						.bodyValue(new ClassPathResource("openapi/gateway.json")))
			.route(getOrHead("/docs"), (request) -> ServerResponse.permanentRedirect(URI.create("/docs/")).build())
			.route(getOrHead("/docs/"), page(swaggerUi + "index.html", MediaType.TEXT_HTML))
			.route(getOrHead("/docs/swagger-initializer.js"), script(all, "swagger-initializer.js"))
			.route(getOrHead("/docs/messages"), page("documentation/messages.html", MediaType.TEXT_HTML))
			.route(getOrHead("/docs/messages.css"), page("documentation/messages.css", CSS))
			.route(getOrHead("/docs/messages.js"), script(documented, "messages.js"))
			.resources("/docs/**", new ClassPathResource(swaggerUi),
					(resource, headers) -> headers.setCacheControl(ONE_HOUR))
			.build();
	}

	/** Returns a script, which starts with the list of documents. */
	private static HandlerFunction<ServerResponse> script(List<String> documents, String name) throws IOException {
		String script = "const DOCUMENTS = " + JsonMapper.shared().writeValueAsString(documents) + "\n"
				+ new ClassPathResource("documentation/" + name).getContentAsString(StandardCharsets.UTF_8);
		return (request) -> ServerResponse.ok().contentType(JAVASCRIPT).cacheControl(ONE_HOUR).bodyValue(script);
	}

	private static HandlerFunction<ServerResponse> page(String path, MediaType type) {
		return (request) -> ServerResponse.ok()
			.contentType(type)
			.cacheControl(ONE_HOUR)
			.bodyValue(new ClassPathResource(path));
	}

	/** Spring's {@code GET()} does not match {@code HEAD}. */
	private static RequestPredicate getOrHead(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

}
