package dev.sagamart.payments;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentSearchParams;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.simulator.PaymentSimulator;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A test of payment-service with real servers and the simulated provider. */
@PlatformTest(properties = { "sagamart.payment.provider.read-timeout=1s",
		"resilience4j.timelimiter.instances.payment-provider.timeout-duration=2s",
		"resilience4j.circuitbreaker.instances.payment-provider.wait-duration-in-open-state=300ms",
		"resilience4j.circuitbreaker.instances.payment-provider.slow-call-duration-threshold=500ms",
		"sagamart.payment.operations.lease=3s", "sagamart.payment.operations.max-delay=1s",
		"sagamart.payment.operations.refused-delay=100ms", "sagamart.payment.operations.max-refused-delay=1s",
		"sagamart.payment.reconciliation.interval=1s", "sagamart.payment.operations.not-asked-delay=100ms",
		"sagamart.payment.operations.poll-interval=100ms" })
public abstract class PaymentServiceTest {

	protected static final PaymentSimulator SIMULATOR = startSimulator();

	protected static final String WEBHOOK_SECRET = "whsec_test";

	protected static final StripeClient PROVIDER = StripeClient.builder()
		.setApiKey("sk_test_auditor")
		.setApiBase(SIMULATOR.url().toString())
		.build();

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@Autowired
	protected RestTestClient api;

	@Autowired
	protected TestTokens tokens;

	@Autowired
	protected KafkaMessages kafka;

	@Autowired
	protected JdbcClient jdbc;

	protected CircuitBreaker breaker;

	@Autowired
	void breaker(CircuitBreakerRegistry breakers) {
		this.breaker = breakers.circuitBreaker("payment-provider");
	}

	private static PaymentSimulator startSimulator() {
		try {
			return PaymentSimulator.start(Files.createTempDirectory(Path.of("target"), "payment-simulator"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@DynamicPropertySource
	static void provider(DynamicPropertyRegistry properties) {
		properties.add("PAYMENT_PROVIDER_URL", SIMULATOR::url);
		properties.add("PAYMENT_PROVIDER_KEY", () -> "sk_test_payment_service");
		properties.add("PAYMENT_WEBHOOK_SECRET", () -> WEBHOOK_SECRET);
	}

	@AfterEach
	void removeFaults() {
		SIMULATOR.faults().down(false);
		SIMULATOR.faults().keyRevoked(false);
		SIMULATOR.faults().delay(Duration.ZERO);
		SIMULATOR.faults().slowAnswer(Duration.ZERO);
		this.breaker.reset();
	}

	/**
	 * Debits and credits are equal, and the balance of the provider's account is the
	 * captured amount minus the refunded one.
	 */
	@AfterEach
	void ledgerIsBalanced() {
		assertThat(this.jdbc.sql("""
				SELECT currency FROM ledger_balance GROUP BY currency HAVING sum(balance) <> 0""")
			.query(String.class)
			.list()).isEmpty();
		assertThat(this.jdbc.sql("""
				SELECT p.id FROM payment p WHERE p.captured - p.refunded <>
				    (SELECT coalesce(sum(CASE WHEN debit = 'PROVIDER' THEN amount WHEN credit = 'PROVIDER' THEN -amount
				                         ELSE 0 END), 0) FROM ledger_entry l WHERE l.payment_id = p.id)""")
			.query(UUID.class)
			.list()).isEmpty();
	}

	protected UUID authorised(String paymentMethod) {
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, paymentMethod));
		this.kafka.await(PaymentAuthorised.class, orderId);
		return orderId;
	}

	protected UUID captured() {
		return captured(PaymentFixtures.authorise(UUID.randomUUID(), "pm_card_visa"));
	}

	protected UUID captured(AuthorisePayment command) {
		this.kafka.send(command);
		this.kafka.await(PaymentAuthorised.class, command.orderId());
		this.kafka.send(new CapturePayment(command.orderId()));
		this.kafka.await(PaymentCaptured.class, command.orderId());
		return command.orderId();
	}

	protected UUID paymentId(UUID orderId) {
		return this.jdbc.sql("SELECT id FROM payment WHERE order_id = ?").param(orderId).query(UUID.class).single();
	}

	protected List<PaymentEvent> events(UUID orderId) {
		return this.kafka.received(PaymentEvent.class, orderId);
	}

	/** The payments of an order at the provider. */
	protected static List<PaymentIntent> atProvider(UUID orderId) {
		try {
			return PROVIDER.v1()
				.paymentIntents()
				.search(PaymentIntentSearchParams.builder().setQuery("metadata['order_id']:'" + orderId + "'").build())
				.getData();
		}
		catch (StripeException ex) {
			throw new IllegalStateException(ex);
		}
	}

	protected JsonNode get(String token, String path, Object... variables) {
		return json(this.api.get()
			.uri(path, variables)
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult());
	}

	/**
	 * Tries again, because reading the provider's books may time out on a busy machine.
	 */
	protected JsonNode reconciliation() {
		return json(Awaitility.await()
			.until(() -> this.api.get()
				.uri("/api/v1/payments/reconciliation?pageSize=100")
				.header(HttpHeaders.AUTHORIZATION, "Bearer " + admin())
				.exchange()
				.expectBody()
				.returnResult(), (answer) -> answer.getStatus().value() == 200));
	}

	protected JsonNode payment(UUID orderId) {
		return get(admin(), "/api/v1/payments/{id}", paymentId(orderId));
	}

	protected String admin() {
		return this.tokens.admin(UUID.randomUUID());
	}

	protected static JsonNode json(EntityExchangeResult<byte[]> result) {
		return JSON.readTree(result.getResponseBodyContent());
	}

}
