package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeError;
import com.stripe.net.RequestOptions;
import com.stripe.param.ChargeListParams;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundCreateParams;
import dev.sagamart.events.Money;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** The provider through Stripe's API: payment intents that are captured separately. */
final class StripePaymentProvider implements PaymentProvider {

	private final StripeClient stripe;

	StripePaymentProvider(StripeClient stripe) {
		this.stripe = stripe;
	}

	@Override
	public ProviderResult authorise(Authorisation authorisation, String key) {
		return ask(() -> {
			PaymentIntent intent = this.stripe.v1()
				.paymentIntents()
				.create(PaymentIntentCreateParams.builder()
					.setAmount(StripeAmounts.toStripe(authorisation.amount()))
					.setCurrency(authorisation.amount().currency().toLowerCase(Locale.ROOT))
					.setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
					.setConfirm(true)
					.setPaymentMethod(authorisation.paymentMethod())
					.addPaymentMethodType("card")
					.putMetadata("order_id", authorisation.orderId().toString())
					.putMetadata("payment_id", authorisation.paymentId().toString())
					.build(), options(key));
			return switch (intent.getStatus()) {
				case "requires_capture", "succeeded" -> new ProviderResult.Approved(intent.getId());
				case "processing" -> new ProviderResult.Unknown("still processing", false);
				default -> new ProviderResult.Declined("authentication_required", intent.getId());
			};
		}, StripePaymentProvider::declined);
	}

	@Override
	public ProviderResult capture(String reference, String key) {
		return askAbout(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.capture(reference, PaymentIntentCaptureParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	@Override
	public ProviderResult cancel(String reference, String key) {
		return askAbout(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.cancel(reference, PaymentIntentCancelParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	@Override
	public ProviderResult refund(String reference, Money amount, String key) {
		return askAbout(reference, () -> {
			this.stripe.v1()
				.refunds()
				.create(RefundCreateParams.builder()
					.setPaymentIntent(reference)
					.setAmount(StripeAmounts.toStripe(amount))
					.build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	@Override
	public ProviderResult retrieve(String reference) {
		return ask(() -> {
			PaymentIntent intent = this.stripe.v1()
				.paymentIntents()
				.retrieve(reference, PaymentIntentRetrieveParams.builder().addExpand("latest_charge").build());
			return StripeIntents.from(intent)
				.<ProviderResult>map(ProviderResult.Found::new)
				.orElseGet(() -> new ProviderResult.Unknown("still " + intent.getStatus(), false));
		}, (ex) -> isMissing(ex) ? new ProviderResult.Found(ProviderIntent.missing()) : unknown(ex));
	}

	@Override
	public void events(Instant since, Consumer<ProviderEvent> events) {
		EventListParams params = EventListParams.builder()
			.setCreated(EventListParams.Created.builder().setGte(since.getEpochSecond()).build())
			.addAllType(StripeIntents.EVENT_TYPES)
			.setLimit(100L)
			.build();
		try {
			this.stripe.v1()
				.events()
				.list(params)
				.autoPagingIterable()
				.forEach((event) -> StripeIntents.from(event).ifPresent(events));
		}
		catch (StripeException | RuntimeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	@Override
	public void charges(Consumer<ProviderCharge> charges) {
		try {
			this.stripe.v1()
				.charges()
				.list(ChargeListParams.builder().setLimit(100L).build())
				.autoPagingIterable()
				.forEach((charge) -> charges.accept(from(charge)));
		}
		catch (StripeException | RuntimeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	@Override
	public ProviderCharge charge(String reference, String currency) {
		try {
			return this.stripe.v1()
				.charges()
				.list(ChargeListParams.builder().setPaymentIntent(reference).setLimit(100L).build())
				.getData()
				.stream()
				.filter(Charge::getCaptured)
				.findFirst()
				.map(StripePaymentProvider::from)
				.orElseGet(() -> new ProviderCharge(reference, Money.zero(currency), Money.zero(currency)));
		}
		catch (StripeException ex) {
			throw new ProviderUnavailableException(ex);
		}
	}

	/**
	 * The provider books a hold that was given back as refunded, though it took nothing.
	 * A charge that somebody made without an intent has its own id only.
	 */
	private static ProviderCharge from(Charge charge) {
		String currency = charge.getCurrency();
		String reference = (charge.getPaymentIntent() != null) ? charge.getPaymentIntent() : charge.getId();
		return charge.getCaptured()
				? new ProviderCharge(reference, StripeAmounts.toMoney(charge.getAmountCaptured(), currency),
						StripeAmounts.toMoney(charge.getAmountRefunded(), currency))
				: new ProviderCharge(reference, StripeAmounts.toMoney(0, currency), StripeAmounts.toMoney(0, currency));
	}

	private static RequestOptions options(String key) {
		return RequestOptions.builder().setIdempotencyKey(key).build();
	}

	/** Asks for something of a payment; if it is refused, asks how the payment stands. */
	private ProviderResult askAbout(String reference, Call call) {
		return ask(call, (ex) -> switch (retrieve(reference)) {
			case ProviderResult.Found(ProviderIntent intent) -> new ProviderResult.Refused(reason(ex), intent);
			case ProviderResult.KeyRefused refused -> refused;
			default -> new ProviderResult.Unknown("refused, but it is not known why: " + reason(ex), false);
		});
	}

	private static ProviderResult ask(Call call, Function<StripeException, ProviderResult> refused) {
		try {
			return call.make();
		}
		catch (ApiConnectionException ex) {
			return noReply(ex);
		}
		catch (ArithmeticException ex) {
			return new ProviderResult.Declined("amount_not_expressible", null);
		}
		catch (IdempotencyException ex) {
			return new ProviderResult.Unknown(String.valueOf(ex.getMessage()), false);
		}
		catch (AuthenticationException ex) {
			return new ProviderResult.KeyRefused((ex.getCode() != null) ? ex.getCode() : "invalid");
		}
		catch (StripeException ex) {
			return switch (status(ex)) {
				case 400, 402, 404 -> refused.apply(ex);
				default -> unknown(ex);
			};
		}
	}

	private static ProviderResult noReply(ApiConnectionException ex) {
		Throwable cause = ex.getCause();
		if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
			return new ProviderResult.NotAsked(String.valueOf(cause));
		}
		return new ProviderResult.Unknown(String.valueOf(cause),
				!(cause instanceof HttpTimeoutException || cause instanceof InterruptedException));
	}

	private static ProviderResult unknown(StripeException ex) {
		return new ProviderResult.Unknown("status " + status(ex), status(ex) >= 500);
	}

	private static ProviderResult declined(StripeException ex) {
		StripeError error = ex.getStripeError();
		PaymentIntent intent = (error != null) ? error.getPaymentIntent() : null;
		return new ProviderResult.Declined(reason(ex), (intent != null) ? intent.getId() : null);
	}

	private static int status(StripeException ex) {
		return (ex.getStatusCode() != null) ? ex.getStatusCode() : 0;
	}

	private static boolean isMissing(StripeException ex) {
		return status(ex) == 404 && "resource_missing".equals(ex.getCode());
	}

	private static String reason(StripeException ex) {
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

	@FunctionalInterface
	private interface Call {

		ProviderResult make() throws StripeException;

	}

}
