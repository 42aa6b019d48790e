package dev.sagamart.payments.payment;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.model.PaymentIntent;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.AuthorisePayment;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.events.PaymentCommand.RefundPayment;
import dev.sagamart.events.PaymentCommand.VoidPayment;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.PaymentEvent.CaptureDeclined;
import dev.sagamart.events.PaymentEvent.PaymentAuthorised;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.PaymentEvent.PaymentDeclined;
import dev.sagamart.events.PaymentEvent.PaymentRefunded;
import dev.sagamart.events.PaymentEvent.PaymentVoided;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.PaymentServiceTest;
import dev.sagamart.payments.payment.OperationSettlement.Execution;
import dev.sagamart.payments.provider.PaymentProvider;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.test.TestServers;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The commands of the saga, in any order, and with failures of the provider. */
class PaymentSagaIntegrationTests extends PaymentServiceTest {

	@Autowired
	private Payments payments;

	@Autowired
	private OperationSettlement settlement;

	@Autowired
	private PaymentProvider provider;

	@Autowired
	private BulkheadRegistry bulkheads;

	@Autowired
	private CircuitBreakerRegistry breakers;

	@Autowired
	private OperationMetrics metrics;

	@Autowired
	private OperationProperties properties;

	@Autowired
	private MeterRegistry meters;

	@ParameterizedTest
	@ValueSource(strings = { "pm_card_visa", "pm_card_mastercard", "pm_sim_lost_reply", "pm_sim_flaky" })
	void capturesAndRefundsOnceDespiteFailuresOfTheProvider(String method) {
		UUID orderId = authorised(method);
		assertThat(payment(orderId).path("status").asString()).isEqualTo("AUTHORISED");

		this.kafka.send(new CapturePayment(orderId));
		PaymentCaptured captured = this.kafka.await(PaymentCaptured.class, orderId);
		assertThat(captured.amount()).isEqualTo(eur(1999));
		assertThat(captured.paymentId()).isEqualTo(paymentId(orderId));
		assertThat(atProvider(orderId)).singleElement()
			.satisfies((intent) -> assertThat(intent.getAmountReceived()).isEqualTo(1999));

		this.kafka.send(new RefundPayment(orderId));
		PaymentRefunded refunded = this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(refunded.refunded()).isEqualTo(eur(1999));
		assertThat(refunded.remaining()).isEqualTo(eur(0));
		assertThat(payment(orderId).path("status").asString()).isEqualTo("REFUNDED");
		assertThat(payment(orderId).path("refunded").path("amount").asLong()).isEqualTo(1999);
		assertThat(events(orderId)).hasSize(3);
	}

	@ParameterizedTest
	@CsvSource({ "pm_card_chargeDeclined, generic_decline, card_declined",
			"pm_card_chargeDeclinedInsufficientFunds, insufficient_funds, insufficient_funds",
			"pm_unheard_of, invalid_payment_method, invalid_payment_method" })
	void reportsWhyACardIsDeclined(String method, String reason, String expected) {
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, method));
		assertThat(this.kafka.await(PaymentDeclined.class, orderId).reason()).isEqualTo(expected);
		assertThat(payment(orderId).path("status").asString()).isEqualTo("DECLINED");
		assertThat(payment(orderId).path("failure").path("code").asString()).isEqualToIgnoringCase(reason);

		this.kafka.send(new VoidPayment(orderId));
		this.kafka.await(PaymentVoided.class, orderId);
		this.kafka.send(new RefundPayment(orderId));
		this.kafka.await(PaymentVoided.class, orderId, 2);
		assertThat(payment(orderId).path("status").asString()).isEqualTo("DECLINED");
	}

	@Test
	void retriesASlowProviderWithTheSameKey() {
		SIMULATOR.faults().slowAnswer(Duration.ofMinutes(10));
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, "pm_sim_slow"));
		awaitUnknown(orderId);
		SIMULATOR.faults().slowAnswer(Duration.ZERO);
		this.kafka.await(PaymentAuthorised.class, orderId);
		assertThat(payment(orderId).path("status").asString()).isEqualTo("AUTHORISED");
		assertThat(atProvider(orderId)).hasSize(1);
	}

	@Test
	void settlesAnUnknownAuthorisationBeforeItIsVoided() {
		SIMULATOR.faults().slowAnswer(Duration.ofMinutes(10));
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, "pm_sim_slow"));
		awaitUnknown(orderId);
		this.kafka.send(new VoidPayment(orderId));
		SIMULATOR.faults().slowAnswer(Duration.ZERO);
		this.kafka.await(PaymentVoided.class, orderId);
		assertThat(events(orderId)).extracting(Object::getClass)
			.containsExactly(PaymentAuthorised.class, PaymentVoided.class);
		assertThat(atProvider(orderId)).extracting(PaymentIntent::getStatus).containsExactly("canceled");
	}

	@Test
	void settlesAnUnknownCaptureBeforeItIsRefunded() {
		UUID orderId = authorised("pm_card_visa");
		SIMULATOR.faults().delay(Duration.ofMillis(1600));
		this.kafka.send(new CapturePayment(orderId));
		awaitUnknown(orderId);
		this.kafka.send(new RefundPayment(orderId));
		SIMULATOR.faults().delay(Duration.ZERO);
		this.kafka.await(PaymentRefunded.class, orderId);
		assertThat(events(orderId)).extracting(Object::getClass)
			.containsExactly(PaymentAuthorised.class, PaymentCaptured.class, PaymentRefunded.class);
		assertThat(payment(orderId).path("status").asString()).isEqualTo("REFUNDED");
	}

	@Test
	void keepsTheHoldAfterADeclinedCaptureUntilItIsVoided() {
		UUID orderId = authorised("pm_sim_capture_declined");
		this.kafka.send(new CapturePayment(orderId));
		assertThat(this.kafka.await(CaptureDeclined.class, orderId).reason()).isEqualTo("card_declined");
		assertThat(payment(orderId).path("status").asString()).isEqualTo("AUTHORISED");
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.await(CaptureDeclined.class, orderId, 2);
		this.kafka.send(new VoidPayment(orderId));
		this.kafka.await(PaymentVoided.class, orderId);
		assertThat(atProvider(orderId)).extracting(PaymentIntent::getStatus).containsExactly("canceled");
		this.kafka.send(new CapturePayment(orderId));
		assertThat(this.kafka.await(CaptureDeclined.class, orderId, 3).getLast().reason()).isEqualTo("voided");
	}

	@Test
	void waitsUntilTheProviderIsAvailable() {
		SIMULATOR.faults().down(true);
		List<UUID> orderIds = Stream.generate(UUID::randomUUID).limit(30).toList();
		this.kafka.send(PaymentFixtures.authorise(orderIds.getFirst(), "pm_card_visa"));
		awaitUnknown(orderIds.getFirst());
		assertThat(events(orderIds.getFirst())).isEmpty();
		orderIds.stream()
			.skip(1)
			.forEach((orderId) -> this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa")));
		await().until(() -> this.breaker.getState() != CircuitBreaker.State.CLOSED);
		SIMULATOR.faults().down(false);
		orderIds.forEach((orderId) -> {
			this.kafka.await(PaymentAuthorised.class, orderId);
			assertThat(atProvider(orderId)).hasSize(1);
		});
		assertThat(this.meters.get("sagamart.payment.operation").tag("outcome", "unknown").timers()).isNotEmpty();
		assertThat(this.meters.get("resilience4j.circuitbreaker.state").gauges()).isNotEmpty();
		await()
			.untilAsserted(() -> assertThat(this.meters.find("sagamart.payment.operations.open").gauges()).isEmpty());
	}

	@Test
	void repliesToRepeatedCommandsButNotToTheSameMessage() {
		UUID orderId = UUID.randomUUID();
		AuthorisePayment authorise = PaymentFixtures.authorise(orderId, "pm_card_visa");
		UUID eventId = this.kafka.send(authorise);
		PaymentAuthorised first = this.kafka.await(PaymentAuthorised.class, orderId);
		this.kafka.send(eventId, authorise);
		this.kafka.send(eventId, authorise);
		this.kafka.send(authorise);
		assertThat(this.kafka.await(PaymentAuthorised.class, orderId, 2)).containsOnly(first);

		sendTwice(new CapturePayment(orderId), PaymentCaptured.class);
		this.kafka.send(new VoidPayment(orderId));
		this.kafka.await(PaymentCaptured.class, orderId, 3);
		sendTwice(new RefundPayment(orderId), PaymentRefunded.class);
		this.kafka.send(new VoidPayment(orderId));
		this.kafka.await(PaymentVoided.class, orderId);
		assertThat(events(orderId)).hasSize(2 + 3 + 2 + 1);
		assertThat(atProvider(orderId)).hasSize(1);
		assertThat(operations(orderId)).isEqualTo(3);
	}

	private void sendTwice(PaymentCommand command, Class<? extends PaymentEvent> answer) {
		this.kafka.send(command);
		this.kafka.await(answer, command.orderId());
		this.kafka.send(command);
		assertThat(this.kafka.await(answer, command.orderId(), 2).stream().distinct()).hasSize(1);
	}

	@Test
	void callsTheProviderOnceForConcurrentDuplicates() {
		SIMULATOR.faults().delay(Duration.ofMillis(300));
		UUID orderId = UUID.randomUUID();
		this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
		this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.send(new CapturePayment(orderId));
		this.kafka.await(PaymentCaptured.class, orderId);
		assertThat(operations(orderId)).isEqualTo(2);
	}

	@Test
	void declinesAnAuthorisationAfterItsUndo() {
		for (PaymentCommand undo : List.of(new VoidPayment(UUID.randomUUID()), new RefundPayment(UUID.randomUUID()))) {
			UUID orderId = undo.orderId();
			this.kafka.send(undo);
			UUID paymentId = this.kafka.await(PaymentVoided.class, orderId).paymentId();
			this.kafka.send(undo);
			this.kafka.await(PaymentVoided.class, orderId, 2);
			this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
			assertThat(this.kafka.await(PaymentDeclined.class, orderId))
				.isEqualTo(new PaymentDeclined(orderId, paymentId, "voided"));
			assertThat(atProvider(orderId)).isEmpty();
			assertThat(operations(orderId)).isZero();
		}
	}

	@Test
	void declinesAnAuthorisationAfterItsCaptureWasDeclined() {
		UUID orderId = UUID.randomUUID();
		this.kafka.send(new CapturePayment(orderId));
		assertThat(this.kafka.await(CaptureDeclined.class, orderId).reason()).isEqualTo("not_authorised");
		this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
		this.kafka.await(PaymentDeclined.class, orderId);
		assertThat(atProvider(orderId)).isEmpty();
	}

	@Test
	void voidsIfARefundComesBeforeTheCapture() {
		UUID orderId = authorised("pm_card_visa");
		this.kafka.send(new RefundPayment(orderId));
		this.kafka.await(PaymentVoided.class, orderId);
		this.kafka.send(new CapturePayment(orderId));
		assertThat(this.kafka.await(CaptureDeclined.class, orderId).reason()).isEqualTo("voided");
		assertThat(atProvider(orderId)).extracting(PaymentIntent::getStatus).containsExactly("canceled");
	}

	/** As if the process were killed between the provider's response and our commit. */
	@Test
	void repeatsTheCallWhenTheResultCouldNotBeStored() {
		UUID orderId = UUID.randomUUID();
		this.jdbc.sql("CREATE SEQUENCE halt_once").update();
		this.jdbc.sql("""
				CREATE FUNCTION halt() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				    IF EXISTS (SELECT FROM payment WHERE id = NEW.payment_id AND order_id = '%s')
				       AND nextval('halt_once') <= 2 THEN
				        RAISE EXCEPTION 'halted';
				    END IF;
				    RETURN NEW;
				END $$""".formatted(orderId)).update();
		this.jdbc.sql("CREATE TRIGGER halt BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION halt()")
			.update();
		try {
			this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
			this.kafka.await(PaymentAuthorised.class, orderId);
		}
		finally {
			this.jdbc.sql("DROP TRIGGER halt ON ledger_entry").update();
			this.jdbc.sql("DROP FUNCTION halt").update();
			this.jdbc.sql("DROP SEQUENCE halt_once").update();
		}
		assertThat(atProvider(orderId)).hasSize(1);
		assertThat(events(orderId)).hasSize(1);
		assertThat(this.jdbc.sql("SELECT attempts FROM operation WHERE payment_id = ?")
			.param(paymentId(orderId))
			.query(Integer.class)
			.single()).isGreaterThanOrEqualTo(3);
	}

	@Test
	void survivesLosingItsDatabaseConnections() throws SQLException {
		List<UUID> orderIds = Stream.generate(UUID::randomUUID).limit(60).toList();
		for (UUID orderId : orderIds) {
			this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
			this.kafka.send(new CapturePayment(orderId));
			if (orderIds.indexOf(orderId) % 20 == 10) {
				TestServers.postgres().terminateBackends("payments");
			}
		}
		orderIds.forEach((orderId) -> this.kafka.await(PaymentCaptured.class, orderId));
		orderIds.forEach((orderId) -> {
			assertThat(events(orderId).stream().distinct()).hasSize(2);
			assertThat(atProvider(orderId)).hasSize(1);
		});
	}

	@Test
	void skipsOperationsThatAreAlreadySettled() {
		UUID orderId = authorised("pm_card_visa");
		assertThat(settleAgain(orderId, OperationKind.VOID, "pi")).isFalse();
		assertThat(payment(orderId).path("status").asString()).isEqualTo("AUTHORISED");
	}

	/** Settles the order's operation as if another worker had carried it out, too. */
	private boolean settleAgain(UUID orderId, OperationKind call, String reference) {
		long id = this.jdbc.sql("SELECT id FROM operation WHERE payment_id = ?")
			.param(paymentId(orderId))
			.query(Long.class)
			.single();
		Payment payment = this.payments.findByOrderId(orderId).orElseThrow();
		Operation settled = OperationFixtures.stored(id, OperationFixtures.operation(OperationKind.AUTHORISE, payment));
		return this.settlement
			.settle(List.of(new Execution.Called(settled, call, eur(1999), new ProviderResult.Approved(reference))));
	}

	@Test
	void sharesTheWorkWithAnotherInstance() {
		OperationLoop other = new OperationLoop(this.payments, this.settlement, this.provider, this.bulkheads,
				this.breakers, this.metrics, this.properties);
		other.start();
		try {
			List<UUID> orderIds = Stream.generate(UUID::randomUUID).limit(120).toList();
			SIMULATOR.faults().delay(Duration.ofMillis(20));
			orderIds.forEach((orderId) -> {
				this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
				this.kafka.send(new CapturePayment(orderId));
			});
			orderIds.forEach((orderId) -> this.kafka.await(PaymentCaptured.class, orderId));
			orderIds.forEach((orderId) -> {
				assertThat(events(orderId)).hasSize(2);
				assertThat(atProvider(orderId)).hasSize(1);
			});
		}
		finally {
			other.stop();
		}
		assertThat(other.isRunning()).isFalse();
		// A loop holds all permits for a moment while it takes due operations.
		Bulkhead.Metrics permits = this.bulkheads.bulkhead("payment-provider").getMetrics();
		await().until(() -> permits.getAvailableConcurrentCalls() == permits.getMaxAllowedConcurrentCalls());
	}

	@Test
	void settlesAnOperationOnceThatTwoWorkersCarriedOut() {
		UUID orderId = authorised("pm_card_visa");
		settleAgain(orderId, OperationKind.AUTHORISE, "pi_other");
		assertThat(events(orderId)).hasSize(1);
		assertThat(this.jdbc.sql("SELECT count(*) FROM ledger_entry WHERE payment_id = ?")
			.param(paymentId(orderId))
			.query(Long.class)
			.single()).isEqualTo(1);
	}

	@Test
	void keepsTheCorrelationIdOfTheCommand() {
		UUID orderId = UUID.randomUUID();
		UUID eventId = this.kafka.send(PaymentFixtures.authorise(orderId, "pm_card_visa"));
		assertThat(this.kafka
			.await((heard) -> heard.as(PaymentAuthorised.class)
				.filter((event) -> event.orderId().equals(orderId))
				.isPresent())
			.headers()).containsEntry("correlationId", "test-" + eventId);
	}

	private void awaitUnknown(UUID orderId) {
		await().ignoreExceptions().until(() -> payment(orderId).path("status").asString().equals("UNKNOWN"));
	}

	private long operations(UUID orderId) {
		return this.jdbc.sql("SELECT count(*) FROM operation WHERE payment_id = ?")
			.param(paymentId(orderId))
			.query(Long.class)
			.single();
	}

}
