package dev.sagamart.simulator;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Base class with a simulator, Stripe's client, and the calls of the tests. */
abstract class SimulatorTest {

	@TempDir
	Path directory;

	PaymentSimulator simulator;

	StripeClient stripe;

	@BeforeEach
	void start() throws IOException {
		this.simulator = PaymentSimulator.start(this.directory);
		this.stripe = client(this.simulator);
	}

	/** Restarts with another clock. */
	void restartWith(InstantSource clock) throws IOException {
		this.simulator.close();
		this.simulator = PaymentSimulator.start(settings(Map.of()), clock);
		this.stripe = client(this.simulator);
	}

	/** Restarts with other environment variables. */
	void restartWith(Map<String, String> environment) throws IOException {
		this.simulator.close();
		this.simulator = PaymentSimulator.start(settings(environment), InstantSource.system());
		this.stripe = client(this.simulator);
	}

	private Settings settings(Map<String, String> environment) throws IOException {
		Map<String, String> all = new HashMap<>(environment);
		all.put("PORT", "0");
		all.put("DATA_DIR", this.directory.toString());
		return Settings.from(all);
	}

	@AfterEach
	void stop() {
		this.simulator.close();
	}

	void restart() throws IOException {
		this.simulator.close();
		start();
	}

	static StripeClient client(PaymentSimulator simulator) {
		return StripeClient.builder()
			.setApiKey("sk_test_simulator")
			.setApiBase(simulator.url().toString())
			.setMaxNetworkRetries(0)
			.setReadTimeout(20_000)
			.build();
	}

	URI uri(String path) {
		return this.simulator.url().resolve(path);
	}

	HttpRequest.Builder rawPost(String path, String body) {
		return HttpRequest.newBuilder(uri(path))
			.header("Authorization", "Bearer sk_test")
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(body));
	}

	static int status(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
		return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	static String key() {
		return UUID.randomUUID().toString();
	}

	static RequestOptions options(String key) {
		return RequestOptions.builder().setIdempotencyKey(key).build();
	}

	static PaymentIntentCreateParams params(String method, long amount) {
		return PaymentIntentCreateParams.builder()
			.setAmount(amount)
			.setCurrency("EUR")
			.setConfirm(true)
			.setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
			.setPaymentMethod(method)
			.addPaymentMethodType("card")
			.putMetadata("order_id", "o \"1\"\n")
			.build();
	}

	PaymentIntent authorise(String method, long amount, String key) throws StripeException {
		return this.stripe.v1().paymentIntents().create(params(method, amount), options(key));
	}

	PaymentIntent confirm(PaymentIntent intent, String method) throws StripeException {
		return this.stripe.v1()
			.paymentIntents()
			.confirm(intent.getId(), PaymentIntentConfirmParams.builder().setPaymentMethod(method).build());
	}

	PaymentIntent capture(PaymentIntent intent, String key) throws StripeException {
		return this.stripe.v1()
			.paymentIntents()
			.capture(intent.getId(), PaymentIntentCaptureParams.builder().build(), options(key));
	}

	PaymentIntent cancel(PaymentIntent intent, String key) throws StripeException {
		return this.stripe.v1().paymentIntents().cancel(intent.getId(), options(key));
	}

	Refund refund(PaymentIntent intent, Long amount, String key) throws StripeException {
		return this.stripe.v1()
			.refunds()
			.create(RefundCreateParams.builder()
				.setPaymentIntent(intent.getId())
				.setAmount(amount)
				.setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
				.build(), options(key));
	}

	interface Call {

		Object make() throws StripeException;

	}

	static void assertRefused(String code, Call call) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(call::make)
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(code));
	}

	static void assertDeclined(String declineCode, Call call) {
		assertThatExceptionOfType(CardException.class).isThrownBy(call::make).satisfies((ex) -> {
			assertThat(ex.getCode()).isEqualTo("card_declined");
			assertThat(ex.getDeclineCode()).isEqualTo(declineCode);
			assertThat(ex.getStripeError().getPaymentIntent().getId()).startsWith("pi_");
		});
	}

	static void assertFails(int status, Call call) {
		assertThatExceptionOfType(StripeException.class).isThrownBy(call::make)
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(status));
	}

}
