package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.PaymentProvider.Authorisation;
import dev.sagamart.simulator.PaymentSimulator;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.springboot.bulkhead.autoconfigure.BulkheadAutoConfiguration;
import io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration;
import io.github.resilience4j.springboot.retry.autoconfigure.RetryAutoConfiguration;
import io.github.resilience4j.springboot.timelimiter.autoconfigure.TimeLimiterAutoConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * The provider client with its circuit breaker, retry and time limiter, against the
 * simulator.
 */
class PaymentProviderTests {

	@TempDir
	static Path directory;

	private PaymentSimulator simulator;

	private CircuitBreaker breaker;

	private ConfigurableApplicationContext context;

	private PaymentProvider provider;

	private ProviderBooks books;

	/** Uses the settings of the service's application.yml. */
	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ProviderProperties.class)
	@Import({ ProviderConfiguration.class, PaymentProvider.class, ProviderBooks.class })
	@ImportAutoConfiguration({ BulkheadAutoConfiguration.class, CircuitBreakerAutoConfiguration.class,
			RetryAutoConfiguration.class, TimeLimiterAutoConfiguration.class })
	static class Application {

	}

	@BeforeEach
	void start() throws IOException {
		this.simulator = PaymentSimulator.start(directory.resolve(UUID.randomUUID().toString()));
		connect("sk_test", Duration.ofSeconds(20));
	}

	/**
	 * The first call loads Stripe's classes, which can take longer than the time limits
	 * of the tests.
	 */
	@BeforeAll
	static void loadClasses() throws IOException, StripeException {
		try (PaymentSimulator simulator = PaymentSimulator.start(directory.resolve("first"))) {
			StripeClient.builder()
				.setApiKey("sk_test")
				.setApiBase(simulator.url().toString())
				.build()
				.v1()
				.paymentIntents()
				.list();
		}
	}

	private void connect(String key, Duration readTimeout) {
		connect(key, readTimeout, readTimeout.multipliedBy(2), Duration.ofSeconds(1));
	}

	private void connect(String key, Duration readTimeout, Duration overallTimeout, Duration breakerWait) {
		disconnect();
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--sagamart.payment.provider.url=" + this.simulator.url(), "--sagamart.payment.provider.key=" + key,
					"--sagamart.payment.provider.connect-timeout=20s",
					"--sagamart.payment.provider.read-timeout=" + readTimeout,
					"--resilience4j.timelimiter.instances.payment-provider.timeout-duration=" + overallTimeout,
					"--resilience4j.retry.instances.payment-provider.wait-duration=1ms",
					"--resilience4j.circuitbreaker.instances.payment-provider.slow-call-duration-threshold="
							+ readTimeout.dividedBy(2),
					"--resilience4j.circuitbreaker.instances.payment-provider.wait-duration-in-open-state="
							+ breakerWait);
		this.breaker = this.context.getBean(CircuitBreakerRegistry.class).circuitBreaker(PaymentProvider.NAME);
		this.provider = this.context.getBean(PaymentProvider.class);
		this.books = this.context.getBean(ProviderBooks.class);
	}

	private void disconnect() {
		if (this.context != null) {
			this.context.close();
		}
	}

	@AfterEach
	void stop() {
		disconnect();
		this.simulator.close();
	}

	@Test
	void authorisesCapturesAndRefunds() {
		String reference = approved(authorise("pm_card_visa", "a"));
		assertThat(this.provider.retrieve(reference)).isEqualTo(new ProviderResult.Found(ProviderIntent.held()));
		assertThat(this.provider.capture(reference, "c")).isEqualTo(new ProviderResult.Approved(reference));
		assertThat(this.provider.refund(reference, eur(500), "r")).isEqualTo(new ProviderResult.Approved(reference));
		assertThat(this.provider.retrieve(reference)).isEqualTo(new ProviderResult.Found(captured(500)));
		assertThat(this.books.charge(reference, "EUR")).isEqualTo(new ProviderCharge(reference, eur(1999), eur(500)));
	}

	@ParameterizedTest
	@CsvSource({ "5, ISK, 500", "1000, MGA, 10", "500, JPY, 500", "5100, KWD, 5100" })
	void convertsToTheMinorUnitsOfTheProviderAndBack(long ours, String currency, long theirs) throws StripeException {
		Money money = new Money(ours, currency);
		String reference = approved(this.provider.authorise(of(money), "a"));
		this.provider.capture(reference, "c");
		Money part = new Money(ours / 5 * 2, currency);
		assertThat(this.provider.refund(reference, part, "r")).isEqualTo(new ProviderResult.Approved(reference));
		assertThat(this.books.charge(reference, currency)).isEqualTo(new ProviderCharge(reference, money, part));
		List<ProviderCharge> charges = new ArrayList<>();
		this.books.charges(charges::add);
		assertThat(charges).containsExactly(new ProviderCharge(reference, money, part));
		StripeClient books = StripeClient.builder()
			.setApiKey("sk_test")
			.setApiBase(this.simulator.url().toString())
			.build();
		assertThat(books.v1().paymentIntents().retrieve(reference).getAmount()).isEqualTo(theirs);
	}

	@Test
	void declinesAmountsThatTheProviderCannotExpress() {
		assertThat(this.provider.authorise(of(new Money(150, "MGA")), "a"))
			.isEqualTo(new ProviderResult.Declined("amount_not_expressible", null));
		String reference = approved(this.provider.authorise(of(new Money(1200, "MGA")), "b"));
		this.provider.capture(reference, "c");
		assertThat(this.provider.refund(reference, new Money(150, "MGA"), "r"))
			.isInstanceOf(ProviderResult.Declined.class);
	}

	private static Authorisation of(Money amount) {
		return new Authorisation(UUID.randomUUID(), UUID.randomUUID(), amount, "pm_card_visa");
	}

	@Test
	void returnsTheStateOfThePaymentWithARefusal() {
		String reference = approved(authorise("pm_card_visa", "a"));
		approved(this.provider.capture(reference, "c"));
		assertThat(this.provider.capture(reference, "another"))
			.isEqualTo(new ProviderResult.Refused("payment_intent_unexpected_state", captured(0)));
		assertThat(this.provider.cancel(reference, "v"))
			.isEqualTo(new ProviderResult.Refused("payment_intent_unexpected_state", captured(0)));
		approved(this.provider.refund(reference, eur(500), "r"));
		assertThat(this.provider.refund(reference, eur(1500), "r2"))
			.isEqualTo(new ProviderResult.Refused("amount_too_large", captured(500)));
		approved(this.provider.refund(reference, eur(1499), "r3"));
		assertThat(this.provider.refund(reference, eur(1), "r4"))
			.isEqualTo(new ProviderResult.Refused("charge_already_refunded", captured(1999)));
	}

	@Test
	void returnsThatTheHoldIsReleased() {
		String reference = approved(authorise("pm_card_visa", "a"));
		assertThat(this.provider.cancel(reference, "v")).isEqualTo(new ProviderResult.Approved(reference));
		ProviderResult gone = new ProviderResult.Refused("payment_intent_unexpected_state", ProviderIntent.released());
		assertThat(this.provider.cancel(reference, "another")).isEqualTo(gone);
		assertThat(this.provider.capture(reference, "c")).isEqualTo(gone);
		assertThat(this.books.charge(reference, "EUR")).isEqualTo(new ProviderCharge(reference, eur(0), eur(0)));
	}

	@Test
	void returnsThatThePaymentIsMissing() {
		ProviderResult missing = new ProviderResult.Refused("unknown_to_provider", ProviderIntent.missing());
		assertThat(this.provider.capture("pi_none", "c")).isEqualTo(missing);
		assertThat(this.provider.cancel("pi_none", "v")).isEqualTo(missing);
		assertThat(this.provider.refund("pi_none", eur(1), "r")).isEqualTo(missing);
		assertThat(this.provider.retrieve("pi_none")).isEqualTo(new ProviderResult.Found(ProviderIntent.missing()));
	}

	@Test
	void opensTheCircuitImmediatelyWhenTheKeyIsRefused() {
		connect("sk_test", Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofMillis(50));
		PaymentProviderHealthIndicator health = new PaymentProviderHealthIndicator(this.provider,
				new SimpleMeterRegistry());
		this.simulator.faults().keyRevoked(true);
		assertThat(authorise("pm_card_visa", "a")).isInstanceOf(ProviderResult.KeyRefused.class);
		assertThat(this.breaker.getState()).isNotEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(health.health().getStatus().getCode()).isEqualTo("WARNING");
		assertThat(health.health().getStatus().getDescription()).contains("rejects the API key")
			.doesNotContain("sk_test");
		this.simulator.faults().keyRevoked(false);
		await().untilAsserted(() -> approved(authorise("pm_card_visa", "a")));
		assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
	}

	@Test
	void readsEvents() {
		Instant since = Instant.now().minusSeconds(5);
		String captured = approved(authorise("pm_card_visa", "a"));
		approved(this.provider.capture(captured, "c"));
		approved(this.provider.refund(captured, eur(500), "r"));
		String cancelled = approved(authorise("pm_card_visa", "b"));
		approved(this.provider.cancel(cancelled, "v"));
		List<ProviderEvent> events = new ArrayList<>();
		this.books.events(since, events::add);
		assertThat(events).extracting(ProviderEvent::reference, ProviderEvent::intent)
			.containsExactly(tuple(cancelled, ProviderIntent.released()), tuple(captured, captured(500)),
					tuple(captured, captured(0)));
		this.simulator.close();
		assertThatExceptionOfType(ProviderUnavailableException.class)
			.isThrownBy(() -> this.books.events(since, events::add));
	}

	private static ProviderIntent captured(long refunded) {
		return new ProviderIntent(ProviderIntent.Status.CAPTURED, 1999, refunded);
	}

	@Test
	void aDeclineIsNotAFailure() {
		assertThat(authorise("pm_card_chargeDeclinedInsufficientFunds", "a")).satisfies((result) -> {
			assertThat(result).isInstanceOf(ProviderResult.Declined.class);
			assertThat(((ProviderResult.Declined) result).reason()).isEqualTo("insufficient_funds");
			assertThat(((ProviderResult.Declined) result).reference()).startsWith("pi_");
		});
		assertThat(authorise("pm_nobody", "b")).isEqualTo(new ProviderResult.Declined("invalid_payment_method", null));
		assertThat(this.breaker.getMetrics().getNumberOfFailedCalls()).isZero();
	}

	@Test
	void retriesImmediatelyAfterATransientFailure() {
		String flaky = approved(authorise("pm_sim_flaky", "a"));
		assertThat(this.provider.capture(flaky, "c")).isEqualTo(new ProviderResult.Approved(flaky));
		String lost = approved(authorise("pm_sim_lost_reply", "b"));
		assertThat(this.provider.capture(lost, "d")).isEqualTo(new ProviderResult.Approved(lost));
		List<ProviderCharge> charges = new ArrayList<>();
		this.books.charges(charges::add);
		assertThat(charges).containsExactly(new ProviderCharge(lost, eur(1999), eur(0)),
				new ProviderCharge(flaky, eur(1999), eur(0)));
	}

	@Test
	void returnsUnknownUntilASlowProviderAnswers() {
		connect("sk_test", Duration.ofSeconds(1));
		this.simulator.faults().slowAnswer(Duration.ofMinutes(10));
		Authorisation authorisation = authorisation("pm_sim_slow");
		assertThat(this.provider.authorise(authorisation, "a")).isInstanceOf(ProviderResult.Unknown.class);
		await().until(() -> this.provider.authorise(authorisation, "a"),
				new ProviderResult.Unknown("status 409", false)::equals);
		this.simulator.faults().slowAnswer(Duration.ZERO);
		await().untilAsserted(() -> approved(this.provider.authorise(authorisation, "a")));
	}

	@Test
	void limitsTheTimeOfACallIncludingItsRetries() {
		connect("sk_test", Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofSeconds(1));
		this.simulator.faults().delay(Duration.ofMillis(600));
		assertThat(authorise("pm_sim_flaky", "a")).isEqualTo(new ProviderResult.Unknown("no reply in time", false));
	}

	@Test
	void opensTheCircuitAndClosesItAgain() {
		this.simulator.faults().down(true);
		await().until(() -> authorise("pm_card_visa", UUID.randomUUID().toString()),
				new ProviderResult.NotAsked("the circuit is open")::equals);
		this.simulator.faults().down(false);
		await().untilAsserted(() -> approved(authorise("pm_card_visa", UUID.randomUUID().toString())));
	}

	@Test
	void returnsUnknownWhenTheCircuitOpensBetweenTwoAttempts() {
		connect("sk_test", Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofMinutes(10));
		this.simulator.faults().down(true);
		for (int i = 0; i < 6; i++) {
			assertThat(authorise("pm_card_visa", "a" + i)).isInstanceOf(ProviderResult.Unknown.class);
		}
		assertThat(authorise("pm_card_visa", "b")).isInstanceOf(ProviderResult.Unknown.class);
		assertThat(authorise("pm_card_visa", "c")).isInstanceOf(ProviderResult.NotAsked.class);
	}

	@Test
	void returnsNotAskedWithoutAConnection() {
		this.simulator.close();
		assertThat(authorise("pm_card_visa", "a")).isInstanceOf(ProviderResult.NotAsked.class);
		assertThatExceptionOfType(ProviderUnavailableException.class)
			.isThrownBy(() -> this.books.charge("pi_1", "EUR"));
		assertThatExceptionOfType(ProviderUnavailableException.class).isThrownBy(() -> this.books.charges((_) -> {
		}));
	}

	@Test
	void ownMistakesAreNotDeclines() {
		approved(authorise("pm_card_visa", "a"));
		assertThat(authorise("pm_card_mastercard", "a")).isInstanceOf(ProviderResult.Unknown.class);
		connect(" ", Duration.ofSeconds(20));
		assertThat(authorise("pm_card_visa", "b")).isInstanceOf(ProviderResult.KeyRefused.class);
	}

	@Test
	void keepsTheInterruptStatus() {
		this.simulator.faults().delay(Duration.ofSeconds(1));
		Thread.currentThread().interrupt();
		assertThat(authorise("pm_card_visa", "a")).isInstanceOf(ProviderResult.Unknown.class);
		assertThat(Thread.interrupted()).isTrue();
		StripeClient direct = this.context.getBean(StripeClient.class);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(ApiConnectionException.class).isThrownBy(() -> direct.v1().paymentIntents().list());
		assertThat(Thread.interrupted()).isTrue();
	}

	private static String approved(ProviderResult result) {
		assertThat(result).isInstanceOf(ProviderResult.Approved.class);
		return ((ProviderResult.Approved) result).reference();
	}

	private ProviderResult authorise(String method, String key) {
		return this.provider.authorise(authorisation(method), key);
	}

	private static Authorisation authorisation(String method) {
		return new Authorisation(UUID.randomUUID(), UUID.randomUUID(), eur(1999), method);
	}

}
