package dev.sagamart.e2e.client;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/** An HTTP reply with any status. */
public record Reply(String request, int status, HttpHeaders headers, String body) {

	/** Returns this reply if it has the status, else throws. */
	public Reply expect(int expected) {
		if (this.status != expected) {
			throw new UnexpectedReplyException(this, expected);
		}
		return this;
	}

	public <T> T as(Class<T> type) {
		return Json.read(this.body, type);
	}

	public JsonNode json() {
		return Json.tree(this.body);
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
