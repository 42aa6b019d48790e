package dev.sagamart.platform.openapi;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.http.HttpStatus;

/**
 * What all documents share: the form of errors, how to authenticate, and what any request
 * may get before an operation sees it ({@code x-common-responses}).
 */
final class CommonParts {

	static final String BEARER = "bearer";

	private CommonParts() {
	}

	static OpenAPI of(String service) {
		try (InputStream json = CommonParts.class.getResourceAsStream("common.json")) {
			OpenAPI document = Json31.mapper().readValue(json, OpenAPI.class);
			document.getInfo().setTitle(service);
			return document;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ApiResponse problem(int status) {
		return new ApiResponse().description(HttpStatus.valueOf(status).getReasonPhrase())
			.content(new Content().addMediaType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
					new MediaType().schema(new Schema<>().$ref("Problem"))));
	}

}
