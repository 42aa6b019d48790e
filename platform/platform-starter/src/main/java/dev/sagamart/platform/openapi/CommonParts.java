package dev.sagamart.platform.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springframework.http.HttpStatus;

/**
 * What all documents share: the form of errors, how to authenticate, and what any request
 * may get before an operation sees it ({@code x-common-responses}).
 */
final class CommonParts {

	static final String BEARER = "bearer";

	private static final String DOCUMENT = """
			{"info": {"version": "v1"}, "servers": [{"url": "/"}],
			 "components": {
			  "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
			  "schemas": {
			   "Problem": {"type": "object", "description": "RFC 9457",
			    "required": ["type", "title", "status", "detail", "instance", "code", "correlationId"],
			    "properties": {
			     "type": {"type": "string"}, "title": {"type": "string"},
			     "status": {"type": "integer", "minimum": 400, "maximum": 599},
			     "detail": {"type": "string"}, "instance": {"type": "string"},
			     "code": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$", "description": "stable"},
			     "correlationId": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
			     "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}}}},
			   "FieldProblem": {"type": "object", "required": ["field", "message"],
			    "properties": {"field": {"type": "string"}, "message": {"type": "string"}}}}},
			 "x-common-responses": {
			  "400": "The request line, the path, the query or a header is malformed.",
			  "401": "The access token that was sent is not valid.",
			  "405": "The path does not have this method.",
			  "408": "The body did not come in time.",
			  "413": "The body is larger than 1 MiB.",
			  "415": "The body is compressed.",
			  "429": "Too many requests, with Retry-After and the RateLimit headers.",
			  "431": "The headers are too large.",
			  "503": "The service, or something it needs, cannot answer now, with Retry-After.",
			  "504": "The service did not answer the gateway in time."}}
			""";

	private CommonParts() {
	}

	static OpenAPI of(String service) {
		try {
			OpenAPI document = Json31.mapper().readValue(DOCUMENT, OpenAPI.class);
			document.getInfo().setTitle(service);
			return document;
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static ApiResponse problem(int status) {
		return new ApiResponse().description(HttpStatus.valueOf(status).getReasonPhrase())
			.content(new Content().addMediaType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
					new MediaType().schema(new Schema<>().$ref("Problem"))));
	}

}
