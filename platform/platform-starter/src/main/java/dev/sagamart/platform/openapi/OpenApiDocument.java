package dev.sagamart.platform.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webmvc.api.OpenApiResource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.context.annotation.DependsOn;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The document, created by the first request for it. It replaces springdoc's endpoints,
 * which also serve YAML and depend on the client's language and on the {@code Host}
 * header. The library needs the converters, which no other bean has registered before.
 */
@RestController
@DependsOn("modelConverterRegistrar")
class OpenApiDocument extends OpenApiResource {

	static final String PATH = "/openapi.json";

	OpenApiDocument(ObjectFactory<OpenAPIService> documents, AbstractRequestService requests,
			GenericResponseService responses, OperationService operations, SpringDocConfigProperties properties,
			SpringDocProviders providers, SpringDocCustomizers customizers) {
		super(documents, requests, responses, operations, properties, providers, customizers);
	}

	@PermitAll
	@Operation(hidden = true)
	@GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
	byte[] read() throws JsonProcessingException {
		return writeJsonValue(getOpenApi("/", Locale.ENGLISH));
	}

	@Override
	protected String getServerUrl(HttpServletRequest request, String apiDocsUrl) {
		return "/";
	}

}
