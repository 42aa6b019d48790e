package dev.sagamart.simulator;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests webhooks with an endpoint that records them. */
class WebhooksTests extends SimulatorTest {

	private static final String SECRET = "whsec_test";

	private final List<Event> received = new CopyOnWriteArrayList<>();

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger mostAtOnce = new AtomicInteger();

	private final CountDownLatch mayAnswer = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private HttpServer endpoint;

	private volatile int status = 204;

	private volatile boolean hangs;

	@BeforeEach
	void listen() throws IOException {
		this.endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.endpoint.setExecutor(this.threads);
		this.endpoint.createContext("/", this::receive);
		this.endpoint.start();
		restartWith(Map.of("WEBHOOK_URL", endpoint().toString(), "WEBHOOK_SECRET", SECRET));
	}

	@AfterEach
	void stopListening() {
		this.mayAnswer.countDown();
		this.endpoint.stop(0);
		this.threads.shutdownNow();
	}

	private URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.endpoint.getAddress().getPort() + "/events");
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.mostAtOnce.accumulateAndGet(this.underWay.incrementAndGet(), Math::max);
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			String signature = exchange.getRequestHeaders().getFirst("Stripe-Signature");
			Event event = Webhook.constructEvent(body, signature, SECRET);
			if (this.hangs) {
				this.mayAnswer.await();
			}
			if (this.status / 100 == 2) {
				this.received.add(event);
			}
			else {
				this.refused.add(event.getId());
			}
			this.underWay.decrementAndGet();
			exchange.sendResponseHeaders(this.status, -1);
		}
		catch (SignatureVerificationException ex) {
			exchange.sendResponseHeaders(400, -1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void sendsEachEventOnceWithAValidSignature() throws StripeException {
		capture(authorise("pm_card_visa", 1000, key()), key());
		await().until(() -> this.received.size() == 2);
		assertThat(this.received).extracting(Event::getType)
			.containsExactlyInAnyOrder("payment_intent.amount_capturable_updated", "payment_intent.succeeded");
		assertThat(this.received)
			.allSatisfy((event) -> assertThat(event.getDataObjectDeserializer().getObject()).isPresent());
		await().until(() -> waiting() == 0);
		assertThatExceptionOfType(SignatureVerificationException.class)
			.isThrownBy(() -> Webhook.constructEvent("{}", "t=1,v1=00", SECRET));
	}

	@Test
	void retriesUntilASuccessfulReplyEvenAfterARestart() throws Exception {
		this.status = 503;
		authorise("pm_card_visa", 1000, key());
		await().until(() -> this.refused.size() == 1);
		restartWith(Map.of("WEBHOOK_URL", endpoint().toString(), "WEBHOOK_SECRET", SECRET));
		this.status = 299;
		await().until(() -> !this.received.isEmpty());
		assertThat(this.received.getFirst().getId()).isIn(this.refused);
		await().until(() -> waiting() == 0);
	}

	@Test
	void answersCallsWhileTheEndpointHangsAndSendsAtMostFourAtOnce() throws StripeException {
		this.hangs = true;
		for (int i = 0; i < 10; i++) {
			authorise("pm_card_visa", 1000 + i, key());
		}
		await().until(() -> this.underWay.get() == 4);
		this.mayAnswer.countDown();
		await().until(() -> this.received.size() == 10);
		assertThat(this.mostAtOnce).hasValue(4);
	}

	@Test
	void sendsNoWebhooksWithoutAUrlOrASecret() throws Exception {
		restartWith(Map.of("WEBHOOK_SECRET", SECRET));
		authorise("pm_card_visa", 1000, key());
		assertThat(waiting()).isZero();
		restartWith(Map.of("WEBHOOK_URL", endpoint().toString(), "WEBHOOK_SECRET", ""));
		authorise("pm_card_visa", 1000, key());
		assertThat(waiting()).isZero();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(java.time.Duration.ofMinutes(2));
	}

	private long waiting() {
		try (Database database = Database.open(this.directory.resolve("books.db"))) {
			return database.query("SELECT count(*) FROM delivery", (row) -> row.getLong(1)).getFirst();
		}
	}

}
