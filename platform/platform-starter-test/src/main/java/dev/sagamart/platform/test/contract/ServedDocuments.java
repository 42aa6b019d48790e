package dev.sagamart.platform.test.contract;

import java.nio.file.Path;
import java.util.Objects;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenAPI and AsyncAPI documents that a service serves. They are committed, so that
 * every change becomes visible, and are compared with the last release.
 */
public final class ServedDocuments {

	private static final Path COMMITTED = Path.of("..", "contracts", "current");

	/** The order of fields has no meaning and is not always the same. */
	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private ServedDocuments() {
	}

	/**
	 * Fails if a committed document differs; with {@code -Dcontracts.update}, writes the
	 * documents instead.
	 * @param name the name of the files
	 */
	public static void requireCommitted(RestTestClient client, String name) {
		requireCommitted(client, name, COMMITTED);
	}

	static void requireCommitted(RestTestClient client, String name, Path directory) {
		for (String form : new String[] { "openapi", "asyncapi" }) {
			String served = Objects.requireNonNull(client.get()
				.uri("/" + form + ".json")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody(String.class)
				.returnResult()
				.getResponseBody());
			new CommittedFile(directory.resolve(form).resolve(name + ".json"))
				.requireToBe(JSON.writeValueAsString(JSON.readValue(served, Object.class)) + "\n");
		}
	}

}
