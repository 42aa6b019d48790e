package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.client.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What came back over the wire.
 *
 * @param status 0 if the connection was closed without an answer
 * @param head the lines of the head after the first
 */
record Answer(int status, List<String> head, String body) {

	static final Answer NONE = new Answer(0, List.of(), "");

	Answer {
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

	/** The body, or a missing node if it is no JSON. */
	JsonNode json() {
		try {
			return Json.tree(this.body);
		}
		catch (JacksonException _) {
			return Json.tree("{}").path("no JSON");
		}
	}

	/** The stable word of a problem, or what OAuth calls its error. */
	String code() {
		JsonNode json = json();
		return json.path("code").asString(json.path("error").asString(""));
	}

	/** All of an answer that may differ only between requests that differ openly. */
	static String withoutIds(Answer answer) {
		String id = answer.header("X-Correlation-Id");
		List<String> head = answer.head()
			.stream()
			.filter((line) -> !line.toLowerCase(Locale.ROOT).matches("(date|ratelimit-[a-z]+):.*"))
			.toList();
		return (answer.status() + head.toString() + answer.body()).replace(id, "");
	}

}
