package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundCreateParams;
import dev.sagamart.events.Money;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The client of the payment provider. It uses Stripe's payment intents with manual
 * capture. Each call that changes something has an idempotency key: the provider carries
 * out the same call with the same key only once. Calls block and never throw. A refusal
 * is a result, not an exception.
 * <p>
 * A call has an overall time limit. Some failures are retried immediately within it. No
 * call is made while the circuit breaker is open.
 */
@Component
public class PaymentProvider implements AutoCloseable {

	/** The name of the circuit breaker, retry, time limiter and bulkhead. */
	public static final String NAME = "payment-provider";

	private static final Logger logger = LoggerFactory.getLogger(PaymentProvider.class);

	private final StripeClient stripe;

	private final CircuitBreaker breaker;

	private final Retry retry;

	private final TimeLimiter timeLimiter;

	private volatile @Nullable String keyRefusal;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	PaymentProvider(StripeClient stripe, CircuitBreakerRegistry breakers, RetryRegistry retries,
			TimeLimiterRegistry timeLimiters) {
		this.stripe = stripe;
		this.breaker = breakers.circuitBreaker(NAME);
		this.retry = retries.retry(NAME);
		this.timeLimiter = timeLimiters.timeLimiter(NAME);
	}

	/**
	 * The data of an authorisation.
	 *
	 * @param paymentMethod the provider's id of a payment method
	 */
	public record Authorisation(UUID paymentId, UUID orderId, Money amount, String paymentMethod) {
	}

	/** Holds an amount. The result contains the provider's id of the payment. */
	public ProviderResult authorise(Authorisation authorisation, String key) {
		return call(() -> resultOf(() -> {
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
		}, StripeErrors::declined));
	}

	/** Captures the whole amount of an authorised payment. */
	public ProviderResult capture(String reference, String key) {
		return callOrRetrieve(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.capture(reference, PaymentIntentCaptureParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	/** Releases the hold of an authorised payment. */
	public ProviderResult cancel(String reference, String key) {
		return callOrRetrieve(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.cancel(reference, PaymentIntentCancelParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	/** Refunds a part of the captured amount, or all of it. */
	public ProviderResult refund(String reference, Money amount, String key) {
		return callOrRetrieve(reference, () -> {
			this.stripe.v1()
				.refunds()
				.create(RefundCreateParams.builder()
					.setPaymentIntent(reference)
					.setAmount(StripeAmounts.toStripe(amount))
					.build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	/** Retrieves the state of a payment, and changes nothing. */
	public ProviderResult retrieve(String reference) {
		return call(() -> find(reference));
	}

	private ProviderResult find(String reference) {
		return resultOf(() -> {
			PaymentIntent intent = this.stripe.v1()
				.paymentIntents()
				.retrieve(reference, PaymentIntentRetrieveParams.builder().addExpand("latest_charge").build());
			return StripeIntents.from(intent)
				.<ProviderResult>map(ProviderResult.Found::new)
				.orElseGet(() -> new ProviderResult.Unknown("still " + intent.getStatus(), false));
		}, (ex) -> StripeErrors.isMissing(ex) ? new ProviderResult.Found(ProviderIntent.missing())
				: StripeErrors.unknown(ex));
	}

	private static RequestOptions options(String key) {
		return RequestOptions.builder().setIdempotencyKey(key).build();
	}

	/** If the provider refuses the call, the result contains the state of the payment. */
	private ProviderResult callOrRetrieve(String reference, StripeCall call) {
		return call(() -> resultOf(call, (ex) -> switch (find(reference)) {
			case ProviderResult.Found(ProviderIntent intent) ->
				new ProviderResult.Refused(StripeErrors.reason(ex), intent);
			case ProviderResult.KeyRefused refused -> refused;
			default ->
				new ProviderResult.Unknown("refused, but it is not known why: " + StripeErrors.reason(ex), false);
		}));
	}

	private static ProviderResult resultOf(StripeCall call, Function<StripeException, ProviderResult> refused) {
		try {
			return call.make();
		}
		catch (ArithmeticException ex) {
			return new ProviderResult.Declined("amount_not_expressible", null);
		}
		catch (StripeException ex) {
			return StripeErrors.result(ex, refused);
		}
	}

	/**
	 * Opens the circuit immediately if the provider rejects the API key, because all
	 * calls would fail. The trial calls of the circuit notice when the key is valid.
	 */
	private ProviderResult call(Supplier<ProviderResult> call) {
		ProviderResult result = limitTime(Retry.decorateSupplier(this.retry, attemptsOf(call)));
		if (result instanceof ProviderResult.KeyRefused(String cause)) {
			if (this.keyRefusal == null) {
				logger.error("The payment provider rejects the API key ({}). Configure a valid key.", cause);
			}
			this.keyRefusal = cause;
			this.breaker.transitionToOpenState();
		}
		else if (!(result instanceof ProviderResult.NotAsked || result instanceof ProviderResult.Unknown)) {
			this.keyRefusal = null;
		}
		return result;
	}

	/**
	 * The attempts of one call. After an attempt with an unknown outcome, the call stays
	 * unknown even if a later attempt does not reach the provider.
	 */
	private Supplier<ProviderResult> attemptsOf(Supplier<ProviderResult> call) {
		Supplier<ProviderResult> attempt = CircuitBreaker.decorateSupplier(this.breaker, call);
		AtomicBoolean unknown = new AtomicBoolean();
		return () -> {
			ProviderResult result;
			try {
				result = attempt.get();
			}
			catch (CallNotPermittedException ex) {
				result = new ProviderResult.NotAsked("the circuit is open");
			}
			if (result instanceof ProviderResult.NotAsked(String cause) && unknown.get()) {
				return new ProviderResult.Unknown(cause, false);
			}
			unknown.compareAndSet(false, result instanceof ProviderResult.Unknown);
			return result;
		};
	}

	private ProviderResult limitTime(Supplier<ProviderResult> call) {
		try {
			return this.timeLimiter.executeFutureSupplier(() -> this.threads.submit(call::get));
		}
		catch (TimeoutException ex) {
			return new ProviderResult.Unknown("no reply in time", false);
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			return new ProviderResult.Unknown(ex.toString(), false);
		}
	}

	/** Why the provider rejects the API key, {@code null} if it accepts it. */
	@Nullable String keyRefusal() {
		return this.keyRefusal;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	@FunctionalInterface
	private interface StripeCall {

		ProviderResult make() throws StripeException;

	}

}
