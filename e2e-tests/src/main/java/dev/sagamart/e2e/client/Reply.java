package dev.sagamart.e2e.client;

import java.net.http.HttpHeaders;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP reply with any status. */
public record Reply(String request, int status, HttpHeaders headers, String body) {

	/** Returns this reply if it has the status, else throws. */
	public Reply expect(int expected) {
		if (this.status != expected) {
			throw new IllegalStateException(
					this.request + " was answered with " + this.status + " and not " + expected + ": " + this.body);
		}
		return this;
	}

	public <T> T as(Class<T> type) {
		return JsonMapper.shared().readValue(this.body, type);
	}

	public JsonNode json() {
		return JsonMapper.shared().readTree(this.body);
	}

	/** The items of a list. */
	public <T> List<T> items(Class<T> type) {
		return json().path("items").valueStream().map((item) -> JsonMapper.shared().treeToValue(item, type)).toList();
	}

	/** The code of a problem, empty if there is none. */
	public String code() {
		return json().path("code").asString("");
	}

	/** A header's first value, empty if there is none. */
	public String header(String name) {
		return this.headers.firstValue(name).orElse("");
	}

}
