package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sagamart.e2e.bench.LoadGenerator.Call;
import dev.sagamart.e2e.bench.LoadGenerator.Plan;
import dev.sagamart.e2e.bench.LoadGenerator.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTests {

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final AtomicInteger requests = new AtomicInteger();

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
		this.server.setExecutor(this.executor);
		this.server.createContext("/", (exchange) -> {
			int number = this.requests.incrementAndGet();
			String path = exchange.getRequestURI().getPath();
			byte[] body = ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
			if (path.equals("/lost") && number == 1) {
				exchange.close();
				return;
			}
			if (path.equals("/slow")) {
				Awaitility.await().pollDelay(Duration.ofMillis(30)).until(() -> true);
			}
			if (path.equals("/silent")) {
				return;
			}
			if (path.equals("/last")) {
				exchange.getResponseHeaders().set("Connection", "close");
			}
			exchange.sendResponseHeaders((path.equals("/refused")) ? 503 : 200,
					path.equals("/chunked") ? 0 : body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
		this.executor.close();
	}

	@Test
	void keepsEveryConnectionBusyWithoutARate() throws Exception {
		List<String> bodies = new ArrayList<>();
		Result result = drive(new Plan(0, 4, Duration.ofSeconds(2)), "/", bodies);
		assertThat(result.failures()).isEmpty();
		assertThat(result.succeeded()).isEqualTo(this.requests.get()).isGreaterThan(4);
		assertThat(bodies).hasSize(result.succeeded()).contains("{\"n\":1}");
		assertThat(result.seconds()).isGreaterThanOrEqualTo(2);
	}

	@Test
	void keepsToItsRate() throws Exception {
		Result result = drive(new Plan(100, 8, Duration.ofMillis(500)), "/chunked", new ArrayList<>());
		assertThat(result.failures()).isEmpty();
		assertThat(result.latencies().get("read").count()).isEqualTo(50);
	}

	@Test
	void countsRefusalsAsFailures() throws Exception {
		Result result = drive(new Plan(100, 2, Duration.ofMillis(100)), "/refused", new ArrayList<>());
		assertThat(result.succeeded()).isZero();
		assertThat(result.failures()).containsOnly(java.util.Map.entry("read 503", 10));
	}

	@Test
	void countsALostConnectionAndReconnects() throws Exception {
		Result result = drive(new Plan(100, 1, Duration.ofMillis(200)), "/lost", new ArrayList<>());
		assertThat(result.failed()).isEqualTo(1);
		assertThat(result.succeeded()).isEqualTo(19);
	}

	@Test
	void reconnectsWhenTheServerCloses() throws Exception {
		Result result = drive(new Plan(100, 1, Duration.ofMillis(200)), "/last", new ArrayList<>());
		assertThat(result.failures()).isEmpty();
		assertThat(result.succeeded()).isEqualTo(20);
	}

	@Test
	void doesNotTimeOutRequestsThatWaitForAConnection() throws Exception {
		Result result = drive(new Plan(200, 1, Duration.ofSeconds(1), Duration.ofSeconds(3)), "/slow",
				new ArrayList<>());
		assertThat(result.failures()).isEmpty();
		assertThat(result.succeeded()).isEqualTo(200);
		assertThat(result.seconds()).as("the last request took longer than the time-out").isGreaterThan(4);
	}

	@Test
	void countsATimeOutAsAFailure() throws Exception {
		Result result = drive(new Plan(100, 2, Duration.ofMillis(20), Duration.ofMillis(200)), "/silent",
				new ArrayList<>());
		assertThat(result.failures()).containsOnly(java.util.Map.entry("read no answer", 2));
	}

	private Result drive(Plan plan, String path, List<String> bodies) throws Exception {
		return LoadGenerator.drive(this.server.getAddress(), plan,
				() -> new Call("read", ClassicRequestBuilder.get("http://localhost" + path).build(),
						(response) -> bodies.add(response.body())));
	}

}
