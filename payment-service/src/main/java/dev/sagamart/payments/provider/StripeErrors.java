package dev.sagamart.payments.provider;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.function.Function;

/** Maps Stripe's errors to results. */
final class StripeErrors {

	private StripeErrors() {
	}

	/** The result of a failed call. The function maps the error of a refusal. */
	static ProviderResult result(StripeException failure, Function<StripeException, ProviderResult> refused) {
		return switch (failure) {
			case ApiConnectionException ex -> noReply(ex);
			case IdempotencyException ex -> new ProviderResult.Unknown(String.valueOf(ex.getMessage()), false);
			case AuthenticationException ex ->
				new ProviderResult.KeyRefused((ex.getCode() != null) ? ex.getCode() : "invalid");
			default -> switch (status(failure)) {
				case 400, 402, 404 -> refused.apply(failure);
				default -> unknown(failure);
			};
		};
	}

	private static ProviderResult noReply(ApiConnectionException ex) {
		Throwable cause = ex.getCause();
		if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
			return new ProviderResult.NotAsked(String.valueOf(cause));
		}
		return new ProviderResult.Unknown(String.valueOf(cause),
				!(cause instanceof HttpTimeoutException || cause instanceof InterruptedException));
	}

	static ProviderResult unknown(StripeException ex) {
		return new ProviderResult.Unknown("status " + status(ex), status(ex) >= 500);
	}

	/** The result of a refused authorisation. */
	static ProviderResult declined(StripeException ex) {
		StripeError error = ex.getStripeError();
		PaymentIntent intent = (error != null) ? error.getPaymentIntent() : null;
		return new ProviderResult.Declined(reason(ex), (intent != null) ? intent.getId() : null);
	}

	private static int status(StripeException ex) {
		return (ex.getStatusCode() != null) ? ex.getStatusCode() : 0;
	}

	/** Whether Stripe does not know the payment. */
	static boolean isMissing(StripeException ex) {
		return status(ex) == 404 && "resource_missing".equals(ex.getCode());
	}

	/** The provider's most precise code for the error. */
	static String reason(StripeException ex) {
		StripeError error = ex.getStripeError();
		if (error != null && error.getDeclineCode() != null) {
			return error.getDeclineCode();
		}
		if ("resource_missing".equals(ex.getCode())) {
			return (error != null && "payment_method".equals(error.getParam())) ? "invalid_payment_method"
					: "unknown_to_provider";
		}
		return (ex.getCode() != null) ? ex.getCode() : "refused";
	}

}
