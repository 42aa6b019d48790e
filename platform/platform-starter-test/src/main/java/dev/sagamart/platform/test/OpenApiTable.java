package dev.sagamart.platform.test;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A summary of a service's OpenAPI document for tests. */
public final class OpenApiTable {

	private OpenApiTable() {
	}

	/**
	 * Reads the document and returns a line for each operation, such as
	 * {@code GET /api/v1/cart: 200 401 403 406}.
	 */
	public static List<String> of(RestTestClient client) {
		return of(client.get()
			.uri("/openapi.json")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody());
	}

	static List<String> of(@Nullable String document) {
		return JsonMapper.shared()
			.readTree(Objects.requireNonNull(document))
			.get("paths")
			.propertyStream()
			.flatMap((path) -> path.getValue()
				.propertyStream()
				.map((operation) -> operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + ": "
						+ statusesOf(operation.getValue())))
			.sorted()
			.toList();
	}

	private static String statusesOf(JsonNode operation) {
		return operation.get("responses").propertyNames().stream().sorted().collect(Collectors.joining(" "));
	}

}
