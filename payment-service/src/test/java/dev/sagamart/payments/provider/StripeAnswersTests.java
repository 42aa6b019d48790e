package dev.sagamart.payments.provider;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.sun.net.httpserver.HttpServer;
import dev.sagamart.payments.provider.PaymentProvider.Authorisation;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.sagamart.payments.PaymentFixtures.eur;
import static org.assertj.core.api.Assertions.assertThat;

/** Responses that Stripe may send, but the simulator never sends. */
class StripeAnswersTests {

	private static final Answer MISSING = new Answer(404, """
			{"error": {"code": "resource_missing", "param": "intent"}}""");

	private HttpServer server;

	private Function<String, Answer> answers = (_) -> MISSING;

	private PaymentProvider provider;

	private ProviderBooks books;

	private record Answer(int status, String body) {
	}

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			Answer answer = this.answers.apply(exchange.getRequestMethod());
			byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(answer.status(), body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
		StripeClient stripe = StripeClient.builder()
			.setApiKey("sk_test")
			.setApiBase("http://localhost:" + this.server.getAddress().getPort())
			.setMaxNetworkRetries(0)
			.build();
		this.provider = new PaymentProvider(stripe, CircuitBreakerRegistry.ofDefaults(), RetryRegistry.ofDefaults(),
				TimeLimiterRegistry.of(TimeLimiterConfig.custom().timeoutDuration(Duration.ofMinutes(1)).build()));
		this.books = new ProviderBooks(stripe);
	}

	@AfterEach
	void stop() {
		this.provider.close();
		this.server.stop(0);
	}

	@ParameterizedTest
	@CsvSource({ "requires_capture, Approved", "succeeded, Approved", "processing, Unknown",
			"requires_action, Declined", "canceled, Declined" })
	void mapsTheStatusOfANewPayment(String status, String result) {
		answer(200, intent(status, 0));
		assertThat(authorise().getClass().getSimpleName()).isEqualTo(result);
	}

	@ParameterizedTest
	@CsvSource({ "requires_capture, HELD", "succeeded, CAPTURED", "canceled, RELEASED",
			"requires_payment_method, RELEASED" })
	void readsTheStateOfAPayment(String status, ProviderIntent.Status stands) {
		answer(200, intent(status, 1999));
		assertThat(this.provider.retrieve("pi_1")).isInstanceOfSatisfying(ProviderResult.Found.class,
				(found) -> assertThat(found.intent().status()).isEqualTo(stands));
	}

	@Test
	void returnsUnknownWhileAPaymentIsProcessed() {
		answer(200, intent("processing", 0));
		assertThat(this.provider.retrieve("pi_1")).isEqualTo(new ProviderResult.Unknown("still processing", false));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					402 | {"error": {"code": "card_declined", "decline_code": "lost_card"}}                | lost_card
					402 | {"error": {"code": "expired_card"}}                                              | expired_card
					402 | {"error": {}}                                                                    | refused
					404 | {"error": {"code": "resource_missing", "param": "payment_method"}}               | invalid_payment_method
					404 | {"error": {"code": "resource_missing", "param": "customer"}}                     | unknown_to_provider
					""")
	void mapsErrorsToDeclines(int status, String body, String reason) {
		answer(status, body);
		assertThat(authorise()).isEqualTo(new ProviderResult.Declined(reason, null));
	}

	@Test
	void readsAChargeWithoutAnIntent() {
		answer(200, """
				{"object": "list", "has_more": false, "data": [{"id": "ch_1", "object": "charge", "captured": true,
				 "amount_captured": 500, "amount_refunded": 0, "currency": "eur", "payment_intent": null}]}""");
		List<ProviderCharge> charges = new ArrayList<>();
		this.books.charges(charges::add);
		assertThat(charges).containsExactly(new ProviderCharge("ch_1", eur(500), eur(0)));
	}

	@Test
	void returnsTheIntentOfADecline() {
		answer(402, """
				{"error": {"code": "card_declined", "payment_intent": {"id": "pi_7", "object": "payment_intent"}}}""");
		assertThat(authorise()).isEqualTo(new ProviderResult.Declined("card_declined", "pi_7"));
	}

	/**
	 * Only Stripe's error code means that a payment is missing; a proxy may send a 404.
	 */
	@Test
	void notEveryNotFoundIsAMissingPayment() {
		answer(404, """
				{"error": {"code": "url_invalid"}}""");
		assertThat(this.provider.retrieve("pi_1")).isEqualTo(new ProviderResult.Unknown("status 404", false));
		answer(400, """
				{"error": {"code": "resource_missing"}}""");
		assertThat(this.provider.retrieve("pi_1")).isEqualTo(new ProviderResult.Unknown("status 400", false));
		this.answers = (_) -> MISSING;
		assertThat(this.provider.retrieve("pi_1")).isEqualTo(new ProviderResult.Found(ProviderIntent.missing()));
	}

	@Test
	void returnsUnknownWhenTheStateCannotBeRetrievedAfterARefusal() {
		Answer refused = new Answer(400, """
				{"error": {"code": "payment_intent_unexpected_state"}}""");
		this.answers = (method) -> method.equals("GET") ? new Answer(500, "{}") : refused;
		assertThat(this.provider.capture("pi_1", "c")).isEqualTo(
				new ProviderResult.Unknown("refused, but it is not known why: payment_intent_unexpected_state", false));
		this.answers = (method) -> method.equals("GET") ? new Answer(401, """
				{"error": {"code": "api_key_expired"}}""") : refused;
		assertThat(this.provider.capture("pi_1", "d")).isEqualTo(new ProviderResult.KeyRefused("api_key_expired"));
	}

	@Test
	void ignoresEventsThatAreNotAboutAPayment() {
		assertThat(events(event("charge.refunded", null, """
				{"object": "charge", "id": "ch_1", "captured": true, "amount_captured": 5, "currency": "eur"}"""),
				event("charge.refunded", null, """
						{"object": "charge", "id": "ch_2", "payment_intent": "pi_2", "captured": false}"""),
				event("payment_intent.succeeded", null, intent("processing", 0)),
				event("payment_intent.created", null, intent("succeeded", 1999)), event("charge.refunded", null, """
						{"object": "refund", "id": "re_1"}""")))
			.isEmpty();
	}

	@Test
	void readsEventsOfAnyApiVersion() {
		assertThat(events(event("payment_intent.canceled", null, intent("canceled", 0)),
				event("payment_intent.canceled", "2019-12-03", intent("canceled", 0)),
				event("payment_intent.canceled", Stripe.API_VERSION, intent("canceled", 0))))
			.extracting(ProviderEvent::intent)
			.containsExactly(ProviderIntent.released(), ProviderIntent.released(), ProviderIntent.released());
	}

	private List<ProviderEvent> events(String... events) {
		answer(200, """
				{"object": "list", "has_more": false, "url": "/v1/events", "data": [%s]}"""
			.formatted(String.join(",", events)));
		List<ProviderEvent> read = new ArrayList<>();
		this.books.events(Instant.EPOCH, read::add);
		return read;
	}

	private void answer(int status, String body) {
		this.answers = (_) -> new Answer(status, body);
	}

	private ProviderResult authorise() {
		return this.provider
			.authorise(new Authorisation(UUID.randomUUID(), UUID.randomUUID(), eur(1999), "pm_card_visa"), "key");
	}

	private static String intent(String status, long received) {
		return """
				{"object": "payment_intent", "id": "pi_1", "status": "%s", "currency": "eur",
				 "amount": 1999, "amount_received": %d}""".formatted(status, received);
	}

	private static String event(String type, @Nullable String version, String object) {
		return """
				{"object": "event", "id": "evt_%s", "type": "%s", "api_version": %s, "data": {"object": %s}}"""
			.formatted(UUID.randomUUID(), type, (version != null) ? "\"" + version + "\"" : "null", object);
	}

}
