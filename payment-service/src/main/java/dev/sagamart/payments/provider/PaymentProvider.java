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
 * The payment provider, through Stripe's API: payment intents that are captured
 * separately. Every changing call carries an idempotency key: the same call under the
 * same key acts once, however often it is made. Calls block, never throw, and answer an
 * expected "no" as a value.
 * <p>
 * A call has an overall time limit, is made again at once where that helps, and not at
 * all while the circuit is open.
 */
@Component
public class PaymentProvider implements AutoCloseable {

	/** Of its circuit breaker, retry, time limiter and bulkhead. */
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
	 * A hold to be placed.
	 *
	 * @param paymentMethod the provider's reference to a payment method
	 */
	public record Authorisation(UUID paymentId, UUID orderId, Money amount, String paymentMethod) {
	}

	/** Holds an amount. The provider's reference is in the result. */
	public ProviderResult authorise(Authorisation authorisation, String key) {
		return guarded(() -> answer(() -> {
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

	/** Takes the whole of a held amount. */
	public ProviderResult capture(String reference, String key) {
		return askAbout(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.capture(reference, PaymentIntentCaptureParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	/** Gives a hold back. */
	public ProviderResult cancel(String reference, String key) {
		return askAbout(reference, () -> {
			this.stripe.v1()
				.paymentIntents()
				.cancel(reference, PaymentIntentCancelParams.builder().build(), options(key));
			return new ProviderResult.Approved(reference);
		});
	}

	/** Gives back that much of a captured amount. */
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

	/** Asks how a payment stands; changes nothing. */
	public ProviderResult retrieve(String reference) {
		return guarded(() -> find(reference));
	}

	private ProviderResult find(String reference) {
		return answer(() -> {
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

	/** Asks for something of a payment; if it is refused, asks how the payment stands. */
	private ProviderResult askAbout(String reference, Call call) {
		return guarded(() -> answer(call, (ex) -> switch (find(reference)) {
			case ProviderResult.Found(ProviderIntent intent) ->
				new ProviderResult.Refused(StripeErrors.reason(ex), intent);
			case ProviderResult.KeyRefused refused -> refused;
			default ->
				new ProviderResult.Unknown("refused, but it is not known why: " + StripeErrors.reason(ex), false);
		}));
	}

	private static ProviderResult answer(Call call, Function<StripeException, ProviderResult> refused) {
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
	 * Asks. A refused key opens the circuit at once, for no call gets through with it;
	 * the trial calls of the circuit find out when the key is right.
	 */
	private ProviderResult guarded(Supplier<ProviderResult> call) {
		ProviderResult result = withinTime(Retry.decorateSupplier(this.retry, attempts(call)));
		if (result instanceof ProviderResult.KeyRefused(String cause)) {
			if (this.keyRefusal == null) {
				logger.error("The payment provider does not take our key ({}): set another one", cause);
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
	 * The attempts of one call: once one of them is unknown, not being asked again does
	 * not make it known.
	 */
	private Supplier<ProviderResult> attempts(Supplier<ProviderResult> call) {
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

	private ProviderResult withinTime(Supplier<ProviderResult> call) {
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

	/** Why the provider does not take our key, or {@code null} as far as we know. */
	@Nullable String keyRefusal() {
		return this.keyRefusal;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	@FunctionalInterface
	private interface Call {

		ProviderResult make() throws StripeException;

	}

}
