package dev.sagamart.simulator;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests refused API keys, web pages, tokens, currencies and amounts. */
class RefusalsTests extends SimulatorTest {

	@Test
	void acceptsOnlyTheKeyThatIsRequired() throws Exception {
		restartWith(Map.of("API_KEY", "sk_test_another_one_of_ours"));
		assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> authorise("pm_card_visa", 1, key()))
			.withMessageContaining("Invalid API Key provided: sk_t********ator")
			.satisfies((ex) -> assertThat(ex.getCode()).isNull());
		restartWith(Map.of());
		authorise("pm_card_visa", 1, key());
		restartWith(Map.of("API_KEY", "sk_test_simulator"));
		authorise("pm_card_visa", 1, key());
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (String authorization : new String[] { "Basic !", "Basic c2s6", "Bearer sk", "Digest x" }) {
				HttpRequest request = HttpRequest.newBuilder(uri("/v1/charges"))
					.header("Authorization", authorization)
					.build();
				assertThat(status(http, request)).isEqualTo(401);
			}
		}
	}

	@Test
	void rejectsEveryKeyWhileKeysAreRevoked() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			assertThat(status(http, rawPost("/simulator/faults", "key_revoked=true").build())).isEqualTo(200);
			assertThatExceptionOfType(AuthenticationException.class)
				.isThrownBy(() -> authorise("pm_card_visa", 1, key()))
				.withMessageContaining("Expired API Key provided")
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo("api_key_expired"));
			assertThat(status(http, rawPost("/simulator/faults", "key_revoked=false").build())).isEqualTo(200);
		}
		authorise("pm_card_visa", 1, key());
	}

	@ParameterizedTest
	@CsvSource({ "Origin, https://evil.example", "Origin, null", "Sec-Fetch-Site, cross-site",
			"Sec-Fetch-Site, same-site", "Sec-Fetch-Site, same-origin" })
	void rejectsFormsOfWebPages(String header, String value) throws Exception {
		PaymentIntent held = authorise("pm_card_visa", 100, key());
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (String path : new String[] { "/simulator/faults", "/v1/payment_intents/" + held.getId() + "/cancel",
					"/v1/refunds" }) {
				assertThat(status(http, rawPost(path, "down=true").header(header, value).build())).isEqualTo(403);
			}
		}
		assertThat(capture(held, key()).getStatus()).isEqualTo("succeeded");
	}

	@Test
	void requiresTheTokenForSwitchingFaults() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			assertThat(switchFaults(http, "Bearer anything")).as("on this machine").isEqualTo(200);
			restartWith(Map.of("FAULTS_TOKEN", "the-token"));
			assertThat(switchFaults(http, "Bearer anything")).isEqualTo(403);
			assertThat(switchFaults(http, "Basic the-token")).isEqualTo(403);
			assertThat(switchFaults(http, "Bearer the-token")).isEqualTo(200);
			restartWith(Map.of("HOST", "0.0.0.0"));
			assertThat(switchFaults(http, "Bearer anything")).as("everywhere").isEqualTo(403);
			restartWith(Map.of("HOST", "0.0.0.0", "FAULTS_TOKEN", "the-token"));
			assertThat(switchFaults(http, "Bearer anything")).isEqualTo(403);
			assertThat(switchFaults(http, "Bearer the-token")).isEqualTo(200);
		}
	}

	private int switchFaults(HttpClient http, String authorization) throws Exception {
		URI faults = URI.create("http://127.0.0.1:" + this.simulator.port() + "/simulator/faults");
		return status(http,
				HttpRequest.newBuilder(faults)
					.header("Authorization", authorization)
					.POST(HttpRequest.BodyPublishers.ofString("down=false"))
					.build());
	}

	@Test
	void deletesItsBooks() throws Exception {
		PaymentIntent held = authorise("pm_card_visa", 100, "key");
		PaymentIntent captured = capture(authorise("pm_card_visa", 200, key()), key());
		refund(captured, null, key());
		forgetBooks();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.stripe.v1().paymentIntents().retrieve(held.getId()))
			.satisfies((ex) -> {
				assertThat(ex.getStatusCode()).isEqualTo(404);
				assertThat(ex.getCode()).isEqualTo("resource_missing");
				assertThat(ex.getParam()).isEqualTo("intent");
			});
		assertRefused("resource_missing", () -> capture(held, key()));
		assertThat(this.stripe.v1().refunds().list().getData()).isEmpty();
		assertThat(this.stripe.v1().events().list(EventListParams.builder().build()).getData()).isEmpty();
		PaymentIntent anew = authorise("pm_card_visa", 100, "key");
		assertThat(anew.getId()).isNotEqualTo(held.getId());
		forgetBooks();
		assertRefused("resource_missing", () -> cancel(anew, key()));
	}

	private void forgetBooks() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			assertThat(status(http, rawPost("/simulator/faults", "forget_books=true").build())).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "isk, 500", "ugx, 100", "kwd, 5120", "bhd, 10", "jpy, 5", "clp, 1", "usd, 99999999", "XCG, 1" })
	void acceptsValidAmountsOfACurrency(String currency, long amount) throws StripeException {
		assertThat(create(currency, amount).getCurrency()).isEqualTo(currency.toLowerCase(java.util.Locale.ROOT));
	}

	@ParameterizedTest
	@CsvSource({ "isk, 501", "ugx, 150", "kwd, 5124", "bhd, 1", "jod, 15", "omr, 999", "tnd, 11" })
	void rejectsInvalidAmountsOfACurrency(String currency, long amount) {
		assertRefused("parameter_invalid_integer", () -> create(currency, amount));
	}

	@Test
	void rejectsInvalidPartialAmountsOfACurrency() throws StripeException {
		PaymentIntent held = this.stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder()
				.setAmount(5000L)
				.setCurrency("isk")
				.setConfirm(true)
				.setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
				.setPaymentMethod("pm_card_visa")
				.build());
		assertRefused("parameter_invalid_integer",
				() -> this.stripe.v1()
					.paymentIntents()
					.capture(held.getId(), PaymentIntentCaptureParams.builder().setAmountToCapture(150L).build()));
		capture(held, key());
		assertRefused("parameter_invalid_integer", () -> refund(held, 150L, key()));
		assertThat(refund(held, 200L, key()).getAmount()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "usd, 100000000", "isk, 100000000", "kwd, 100000000", "inr, 1000000000", "jpy, 10000000000" })
	void rejectsAmountsWithTooManyDigits(String currency, long amount) {
		assertRefused("amount_too_large", () -> create(currency, amount));
	}

	@Test
	void acceptsMoreDigitsForSomeCurrencies() throws StripeException {
		assertThat(create("jpy", 9_999_999_999L).getAmount()).isEqualTo(9_999_999_999L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "dem", "hrk", "xxx", "euro", "xau" })
	void rejectsUnknownAndObsoleteCurrencies(String currency) {
		assertThatExceptionOfType(StripeException.class).isThrownBy(() -> create(currency, 100))
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(400))
			.withMessageContaining("Invalid currency");
	}

	private PaymentIntent create(String currency, long amount) throws StripeException {
		return this.stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder().setAmount(amount).setCurrency(currency).build());
	}

}
