package dev.sagamart.payments.provider;

import dev.sagamart.events.Money;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider under an overall time limit, again at once where that helps, and not
 * at all while the circuit is open. Never throws for a changing call.
 */
final class ResilientPaymentProvider implements PaymentProvider, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ResilientPaymentProvider.class);

	private final PaymentProvider provider;

	private final CircuitBreaker breaker;

	private final Retry retry;

	private final TimeLimiter timeLimiter;

	private volatile @Nullable String keyRefusal;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	ResilientPaymentProvider(PaymentProvider provider, CircuitBreaker breaker, Retry retry, TimeLimiter timeLimiter) {
		this.provider = provider;
		this.breaker = breaker;
		this.retry = retry;
		this.timeLimiter = timeLimiter;
	}

	@Override
	public ProviderResult authorise(Authorisation authorisation, String key) {
		return ask(() -> this.provider.authorise(authorisation, key));
	}

	@Override
	public ProviderResult capture(String reference, String key) {
		return ask(() -> this.provider.capture(reference, key));
	}

	@Override
	public ProviderResult cancel(String reference, String key) {
		return ask(() -> this.provider.cancel(reference, key));
	}

	@Override
	public ProviderResult refund(String reference, Money amount, String key) {
		return ask(() -> this.provider.refund(reference, amount, key));
	}

	@Override
	public ProviderResult retrieve(String reference) {
		return ask(() -> this.provider.retrieve(reference));
	}

	@Override
	public void events(Instant since, Consumer<ProviderEvent> events) {
		this.provider.events(since, events);
	}

	@Override
	public void charges(Consumer<ProviderCharge> charges) {
		this.provider.charges(charges);
	}

	@Override
	public ProviderCharge charge(String reference, String currency) {
		return this.provider.charge(reference, currency);
	}

	/**
	 * Asks. A refused key opens the circuit at once, for no call gets through with it;
	 * the trial calls of the circuit find out when the key is right.
	 */
	private ProviderResult ask(Supplier<ProviderResult> call) {
		ProviderResult result = askGuarded(call);
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

	/** Why the provider does not take our key, or {@code null} as far as we know. */
	@Nullable String keyRefusal() {
		return this.keyRefusal;
	}

	private ProviderResult askGuarded(Supplier<ProviderResult> call) {
		Attempts attempts = new Attempts(CircuitBreaker.decorateSupplier(this.breaker, call));
		Supplier<ProviderResult> guarded = Retry.decorateSupplier(this.retry, attempts);
		try {
			return this.timeLimiter.executeFutureSupplier(() -> this.threads.submit(guarded::get));
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

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	/**
	 * The attempts of one call: once one of them is unknown, not being asked again does
	 * not make it known.
	 */
	private static final class Attempts implements Supplier<ProviderResult> {

		private final Supplier<ProviderResult> call;

		private boolean unknown;

		Attempts(Supplier<ProviderResult> call) {
			this.call = call;
		}

		@Override
		public ProviderResult get() {
			ProviderResult result;
			try {
				result = this.call.get();
			}
			catch (CallNotPermittedException ex) {
				result = new ProviderResult.NotAsked("the circuit is open");
			}
			if (result instanceof ProviderResult.NotAsked notAsked && this.unknown) {
				return new ProviderResult.Unknown(notAsked.cause(), false);
			}
			this.unknown |= result instanceof ProviderResult.Unknown;
			return result;
		}

	}

}
