package dev.sagamart.payments.payment;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentCommand.CapturePayment;
import dev.sagamart.payments.PaymentFixtures;
import dev.sagamart.payments.PaymentServiceTest;
import dev.sagamart.payments.payment.OperationSettlement.Execution;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.test.RoundTrips;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.transaction.support.TransactionTemplate;

/** A batch needs as many round trips to the database as a single command. */
@Import(BatchIntegrationTests.Counting.class)
@DirtiesContext // closes its database connections and Kafka consumers
class BatchIntegrationTests extends PaymentServiceTest {

	@Autowired
	private RoundTrips roundTrips;

	@Autowired
	private PaymentCommands commands;

	@Autowired
	private Payments payments;

	@Autowired
	private OperationSettlement settlement;

	@Autowired
	private OperationLoop loop;

	@Autowired
	private TransactionTemplate transactions;

	@TestConfiguration(proxyBeanMethods = false)
	static class Counting {

		@Bean
		static RoundTrips roundTrips() {
			return new RoundTrips();
		}

	}

	@BeforeEach
	void stopLoop() {
		this.loop.stop();
	}

	@AfterEach
	void startLoop() {
		this.loop.start();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10, 100 })
	void needsTheSameNumberOfRoundTripsForAnySize(int size) {
		List<UUID> orderIds = Stream.generate(UUID::randomUUID).limit(size).toList();
		assertThat(accept(orderIds, (orderId) -> PaymentFixtures.authorise(orderId, "pm_card_visa")))
			.as("lock, payments, operations, commit")
			.hasSize(4);
		takeAndSettle(orderIds);
		assertThat(accept(orderIds, CapturePayment::new)).as("lock, open operations, operations, commit").hasSize(4);
		takeAndSettle(orderIds);
		assertThat(orderIds)
			.allSatisfy((orderId) -> assertThat(payment(orderId).path("status").asString()).isEqualTo("CAPTURED"));
	}

	private List<String> accept(List<UUID> orderIds, Function<UUID, PaymentCommand> command) {
		List<Received<PaymentCommand>> batch = orderIds.stream()
			.map((orderId) -> new Received<>(UUID.randomUUID(), command.apply(orderId), new MessageContext("c", null),
					Instant.now()))
			.toList();
		return this.roundTrips.of(() -> this.transactions.executeWithoutResult((_) -> this.commands.accept(batch)));
	}

	private void takeAndSettle(List<UUID> orderIds) {
		List<Operation> taken = new ArrayList<>();
		assertThat(this.roundTrips.of(() -> taken.addAll(this.payments.take(1_000, Duration.ofSeconds(10), false))))
			.as("take")
			.hasSize(1);
		List<Execution> executions = taken.stream()
			.filter((operation) -> orderIds.contains(operation.payment().orderId()))
			.<Execution>map((operation) -> new Execution.Called(operation, operation.kind(), eur(1999),
					new ProviderResult.Approved("pi_" + operation.payment().id())))
			.toList();
		assertThat(executions).hasSameSizeAs(orderIds);
		assertThat(this.roundTrips.of(() -> this.settlement.settle(executions)))
			.as("lock, ledger, outbox, payments, operations, commit")
			.hasSize(6);
	}

}
