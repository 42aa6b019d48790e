package dev.sagamart.platform.test.contract;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ServedDocumentsTests {

	@TempDir
	private Path directory;

	private HttpServer service;

	private String served = "{\"paths\":{}}";

	@BeforeEach
	void serve() throws Exception {
		this.service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.service.createContext("/", (exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, 0);
			try (exchange) {
				exchange.getResponseBody().write(this.served.getBytes(StandardCharsets.UTF_8));
			}
		});
		this.service.start();
		for (String form : new String[] { "openapi", "asyncapi" }) {
			new CommittedFile(this.directory.resolve(form).resolve("notes.json")).write("{\n  \"paths\" : { }\n}\n");
		}
	}

	@AfterEach
	void stop() {
		this.service.stop(0);
	}

	@Test
	void acceptsWhatIsCommittedHoweverItIsIndented() {
		requireCommitted();
	}

	@Test
	void noticesAnythingElse() {
		this.served = "{\"paths\":{\"/notes\":{}}}";
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::requireCommitted)
			.withMessageContaining("-Dcontracts.update");
	}

	private void requireCommitted() {
		ServedDocuments.requireCommitted(RestTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + this.service.getAddress().getPort())
			.build(), "notes", this.directory);
	}

}
