package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sagamart.e2e.client.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfirmationTimerTests {

	private final AtomicInteger requests = new AtomicInteger();

	private HttpServer server;

	private volatile String events = "";

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			boolean refused = this.requests.incrementAndGet() == 1;
			byte[] body = (refused ? "too many streams" : this.events).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(refused ? 503 : 200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
	}

	@Test
	void waitsForAStreamThatIsRefused() {
		this.events = "data: {\"state\":\"AUTHORISING_PAYMENT\"}\n\ndata: {\"state\":\"CONFIRMED\"}\n\n";
		assertThat(measured()).isOne();
		assertThat(this.requests).hasValue(2);
	}

	@Test
	void doesNotCountAnOrderThatIsNotConfirmed() {
		this.events = "data: {\"state\":\"REJECTED\"}\n\n";
		assertThat(measured()).isZero();
		assertThat(this.requests).hasValue(2);
	}

	private int measured() {
		URI url = URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
		try (Api api = new Api(url); ConfirmationTimer timer = new ConfirmationTimer()) {
			timer.follow(api.session("token"), UUID.randomUUID());
			return timer.finish().count();
		}
	}

}
