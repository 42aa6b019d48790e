package dev.sagamart.orders;

import dev.sagamart.events.StockEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The event stream of an order. */
class SagaStreamIntegrationTests extends OrderServiceTest {

	@LocalServerPort
	int port;

	@Autowired
	MeterRegistry meters;

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<Listener> listeners = new ArrayList<>();

	/** The next test needs the places of these. */
	@AfterEach
	void hangUp() {
		this.listeners.forEach(Listener::hangUp);
		Awaitility.await().until(() -> this.meters.get("sagamart.streams.open").gauge().value() == 0);
		this.http.shutdownNow();
	}

	@Test
	void tellsEveryStepWhenItIsTakenAndEndsWithTheSaga() {
		UUID order = placed();
		Listener listener = listen(order, null);
		listener.awaitTypes("ORDER_PLACED");
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		listener.awaitTypes("ORDER_PLACED", "CANCELLATION_REQUESTED");
		this.kafka.send(new StockEvent.StockReleased(order));
		listener.awaitTypes("ORDER_PLACED", "CANCELLATION_REQUESTED", "STOCK_RELEASED");
		listener.awaitEnd();
		assertThat(listener.ids()).containsExactly("1", "2", "3");
		assertThat(listener.items())
			.isEqualTo(get("/api/v1/orders/" + order + "/timeline").at("items").valueStream().toList());
	}

	@Test
	void tellsALongStoryToItsEnd() {
		UUID order = cancelled();
		this.jdbc.sql("""
				INSERT INTO saga_step (order_id, sequence, at, service, type, state, detail, trace_id)
				SELECT order_id, n, at, service, type, state, detail, trace_id
				FROM saga_step, generate_series(4, 1200) n WHERE order_id = ? AND sequence = 3""")
			.param(order)
			.update();
		Listener listener = listen(order, null);
		listener.awaitEnd();
		assertThat(listener.ids()).hasSize(1_200).startsWith("1", "2", "3").endsWith("1199", "1200");
	}

	@Test
	void goesOnAfterTheLastEventThatTheClientHas() {
		UUID order = cancelled();
		for (String last : new String[] { null, "", "0" }) {
			Listener all = listen(order, last);
			all.awaitEnd();
			assertThat(all.ids()).containsExactly("1", "2", "3");
		}
		Listener resumed = listen(order, "1");
		resumed.awaitEnd();
		assertThat(resumed.ids()).containsExactly("2", "3");
	}

	/** Browsers come back after every end but this one. */
	@ParameterizedTest
	@ValueSource(strings = { "3", "4", "99", "2147483647", "99999999999" })
	void answers204WhenNothingCanComeAnyMore(String last) {
		UUID order = cancelled();
		Listener complete = listen(order, last);
		complete.awaitEnd();
		assertThat(complete.status).isEqualTo(204);
		assertThat(complete.lines).isEmpty();
		assertThat(head(order, buyerToken(), "Last-Event-ID", last).statusCode()).isEqualTo(204);
	}

	@Test
	void tellsAllOfARunningOrderToWhoeverClaimsToHaveMore() {
		UUID order = placed();
		Listener beyond = listen(order, "99999999999");
		beyond.awaitTypes("ORDER_PLACED");
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		beyond.awaitTypes("ORDER_PLACED", "CANCELLATION_REQUESTED");
	}

	/** The gateway waits five seconds for the first byte, and not longer. */
	@Test
	void beginsAtOnceAlsoWhenThereIsNothingToTell() {
		UUID order = placed();
		Listener resumed = listen(order, "1");
		Awaitility.await().until(() -> !resumed.lines.isEmpty());
		assertThat(resumed.lines.getFirst()).isEqualTo(":heartbeat");
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		resumed.awaitTypes("CANCELLATION_REQUESTED");
	}

	@Test
	void endsWhenTheTokensOfItsUserAreTakenBack() {
		UUID order = placed();
		Listener listener = listen(order, null);
		listener.awaitTypes("ORDER_PLACED");
		this.tokens.revoke(this.buyer);
		listener.awaitEnd();
		assertThat(listener.ids()).containsExactly("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "-1", "1.5", "1,2", "99999999999999999999999" })
	void refusesWhatIsNoIdOfAnEvent(String last) {
		UUID order = placed();
		assertThat(listen(order, last).status).isEqualTo(400);
		assertThat(head(order, buyerToken(), "Last-Event-ID", last).statusCode()).isEqualTo(400);
	}

	@Test
	void isNeitherKeptNorCollectedByProxies() {
		UUID order = placed();
		for (HttpHeaders headers : List.of(listen(order, null).headers, head(order, buyerToken()).headers())) {
			assertThat(headers.allValues("Content-Type")).containsExactly("text/event-stream");
			assertThat(headers.allValues("Cache-Control")).containsExactly("no-cache");
			assertThat(headers.allValues("X-Accel-Buffering")).containsExactly("no");
			assertThat(headers.map()).doesNotContainKeys("pragma", "expires", "content-length", "etag");
		}
	}

	@Test
	void opensNoStreamForAHead() {
		UUID order = placed();
		for (int i = 0; i < 12; i++) {
			assertThat(head(order, buyerToken()).statusCode()).isEqualTo(200);
		}
		assertThat(this.meters.get("sagamart.streams.open").gauge().value()).isZero();
		List<Listener> open = Stream.generate(() -> listenAsAdmin(order)).limit(5).toList();
		assertThat(open).allMatch((listener) -> listener.status == 200);
		assertThat(head(order, buyerToken()).statusCode()).as("needs no place").isEqualTo(200);
		assertThat(get("/api/v1/orders/" + order).status()).isEqualTo(200);
	}

	@Test
	void answersAHeadAsTheStreamWouldBeAnswered() {
		UUID order = cancelled();
		assertThat(head(order, buyerToken()).statusCode()).isEqualTo(200);
		assertThat(head(order, null).statusCode()).isEqualTo(401);
		assertThat(head(order, this.tokens.customer(UUID.randomUUID())).statusCode()).isEqualTo(404);
		assertThat(head(UUID.randomUUID(), buyerToken()).statusCode()).isEqualTo(404);
		assertThat(head(order, buyerToken(), "Accept", "application/json").statusCode()).isEqualTo(406);
		call(HttpMethod.GET, "/api/v1/orders/" + order + "/events", buyerToken(), null,
				Map.of("Accept", "application/json"))
			.expect(406, "NOT_ACCEPTABLE");
		call(HttpMethod.GET, "/api/v1/orders/" + UUID.randomUUID() + "/events", buyerToken(), null,
				Map.of("Accept", "text/event-stream"))
			.expect(404, "NOT_FOUND");
	}

	@Test
	void hearsOfStepsThatAnotherInstanceTook() {
		UUID order = placed();
		Listener listener = listen(order, null);
		listener.awaitTypes("ORDER_PLACED");
		this.jdbc.sql("""
				INSERT INTO saga_step (order_id, sequence, at, service, type, state, detail)
				VALUES (?, 2, now(), 'product-service', 'STOCK_REJECTED', 'REJECTED', '')
				""").param(order).update();
		listener.awaitTypes("ORDER_PLACED", "STOCK_REJECTED");
		listener.awaitEnd();
	}

	@Test
	void showsThatItIsAlive() {
		Listener listener = listen(placed(), null);
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(listener.lines).filteredOn(":heartbeat"::equals).hasSizeGreaterThanOrEqualTo(2));
	}

	@Test
	void opensNoMoreThanItCanServe() {
		UUID order = placed();
		List<Listener> open = Stream.generate(() -> listenAsAdmin(order)).limit(5).toList();
		assertThat(open).allMatch((listener) -> listener.status == 200);
		Listener refused = listen(order, null);
		assertThat(refused.status).isEqualTo(503);
		open.forEach(Listener::hangUp);
		Awaitility.await().until(() -> {
			Listener listener = listen(order, null);
			listener.hangUp();
			return listener.status == 200;
		});
	}

	/** However many a user asks for, there is room for others. */
	@Test
	void endsTheOldestStreamOfAUserWhoHasTooMany() {
		UUID order = placed();
		List<Listener> own = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			Listener latest = listen(order, null);
			own.add(latest);
			latest.awaitTypes("ORDER_PLACED");
			if (i >= 3) {
				own.get(i - 3).awaitEnd();
			}
		}
		assertThat(listenAsAdmin(order).status).isEqualTo(200);
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		own.subList(6, 9).forEach((listener) -> listener.awaitTypes("ORDER_PLACED", "CANCELLATION_REQUESTED"));
		own.subList(0, 6).forEach((listener) -> assertThat(listener.items()).hasSize(1));
	}

	private UUID cancelled() {
		UUID order = placed();
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		released(order);
		awaitStatus(order, "CANCELLED");
		return order;
	}

	private HttpRequest.Builder events(UUID order) {
		return HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.port + "/api/v1/orders/" + order + "/events"))
			.version(HttpClient.Version.HTTP_1_1);
	}

	private HttpResponse<Void> head(UUID order, String token, String... headers) {
		HttpRequest.Builder request = events(order).HEAD();
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.discarding());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Listener listen(UUID order, String lastEventId) {
		return listen(order, lastEventId, buyerToken());
	}

	/** Another user each time. */
	private Listener listenAsAdmin(UUID order) {
		return listen(order, null, this.tokens.admin(UUID.randomUUID()));
	}

	private Listener listen(UUID order, String lastEventId, String token) {
		HttpRequest.Builder request = events(order).header("Authorization", "Bearer " + token)
			.header("Accept", "text/event-stream");
		if (lastEventId != null) {
			request.header("Last-Event-ID", lastEventId);
		}
		try {
			Listener listener = new Listener(
					this.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
			this.listeners.add(listener);
			return listener;
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A client of the stream. */
	private static final class Listener {

		private static final JsonMapper JSON = JsonMapper.builder().build();

		private final List<String> lines = new CopyOnWriteArrayList<>();

		private final InputStream body;

		private final Thread reader;

		private final int status;

		private final HttpHeaders headers;

		Listener(HttpResponse<InputStream> response) {
			this.status = response.statusCode();
			this.headers = response.headers();
			this.body = response.body();
			this.reader = Thread.ofVirtual().start(this::read);
		}

		private void read() {
			try (BufferedReader text = new BufferedReader(new InputStreamReader(this.body, StandardCharsets.UTF_8))) {
				String line;
				while ((line = text.readLine()) != null) {
					this.lines.add(line);
				}
			}
			catch (IOException ex) {
				this.lines.add("closed");
			}
		}

		List<String> ids() {
			return after("id:");
		}

		List<JsonNode> items() {
			return after("data:").stream().map(JSON::readTree).toList();
		}

		void awaitTypes(String... types) {
			Awaitility.await()
				.pollInterval(Duration.ofMillis(20))
				.untilAsserted(() -> assertThat(items()).extracting((item) -> item.get("type").asString())
					.containsExactly(types));
		}

		void awaitEnd() {
			Awaitility.await().until(() -> !this.reader.isAlive());
		}

		void hangUp() {
			try {
				this.body.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private List<String> after(String field) {
			return this.lines.stream()
				.filter((line) -> line.startsWith(field))
				.map((line) -> line.substring(field.length()))
				.toList();
		}

	}

}
