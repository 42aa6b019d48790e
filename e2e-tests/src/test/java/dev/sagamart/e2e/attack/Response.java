package dev.sagamart.e2e.attack;

import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response.
 *
 * @param status the status, or 0 if the connection was closed without a response
 * @param head the header lines
 */
record Response(int status, List<String> head, String body) {

	static final Response NONE = new Response(0, List.of(), "");

	Response {
		head = List.copyOf(head);
	}

	/** A header's first value, empty if there is none. */
	String header(String name) {
		return headers(name).stream().findFirst().orElse("");
	}

	List<String> headers(String name) {
		String prefix = name.toLowerCase(Locale.ROOT) + ":";
		return this.head.stream()
			.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
			.map((line) -> line.substring(prefix.length()).strip())
			.toList();
	}

	/** The body as JSON, or a missing node if it is not JSON. */
	JsonNode json() {
		try {
			return JsonMapper.shared().readTree(this.body);
		}
		catch (JacksonException _) {
			return JsonMapper.shared().readTree("{}").path("no JSON");
		}
	}

	/** The code of a problem, or the error of OAuth. */
	String code() {
		JsonNode json = json();
		return json.path("code").asString(json.path("error").asString(""));
	}

	/** The response without parts that differ in every response. */
	static String withoutIds(Response response) {
		String id = response.header("X-Correlation-Id");
		List<String> head = response.head()
			.stream()
			.filter((line) -> !line.toLowerCase(Locale.ROOT).matches("(date|ratelimit-[a-z]+):.*"))
			.toList();
		return (response.status() + head.toString() + response.body()).replace(id, "");
	}

}
