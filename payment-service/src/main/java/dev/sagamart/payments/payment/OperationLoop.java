package dev.sagamart.payments.payment;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.OperationSettlement.Execution;
import dev.sagamart.payments.provider.PaymentProvider;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messaging.MessageContext;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes due operations, calls the provider for each of them on its own virtual thread,
 * and settles the results in batches. The bulkhead limits the concurrent calls.
 * <p>
 * If a call or a settlement fails, the operation stays open. When its lease ends, any
 * instance takes it again and repeats the call with the same idempotency key.
 */
@Component
class OperationLoop implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(OperationLoop.class);

	private final Payments payments;

	private final OperationSettlement settlement;

	private final PaymentProvider provider;

	private final Bulkhead bulkhead;

	private final CircuitBreaker breaker;

	private final OperationMetrics metrics;

	private final OperationProperties properties;

	/** Has a permit when there is something to do. */
	private final Semaphore signals = new Semaphore(0);

	private final Queue<Execution> executed = new ConcurrentLinkedQueue<>();

	private volatile boolean running;

	/** Whether operations may be due. */
	private volatile boolean due;

	private ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();

	OperationLoop(Payments payments, OperationSettlement settlement, PaymentProvider provider,
			BulkheadRegistry bulkheads, CircuitBreakerRegistry breakers, OperationMetrics metrics,
			OperationProperties properties) {
		this.payments = payments;
		this.settlement = settlement;
		this.provider = provider;
		this.bulkhead = bulkheads.bulkhead(PaymentProvider.NAME);
		this.breaker = breakers.circuitBreaker(PaymentProvider.NAME);
		this.metrics = metrics;
		this.properties = properties;
	}

	/** Takes due operations as soon as the current transaction is committed. */
	void wakeAfterCommit() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				wake();
			}
		});
	}

	private void wake() {
		this.due = true;
		this.signals.release();
	}

	private void run() {
		long nextPoll = System.nanoTime();
		try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
			while (this.running || isBusy() || !this.executed.isEmpty()) {
				if (!this.signals.tryAcquire(nextPoll - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					nextPoll = System.nanoTime() + this.properties.pollInterval().toNanos();
					this.due = true;
				}
				this.signals.drainPermits();
				settle();
				if (this.running && this.due) {
					take(calls);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean isBusy() {
		Bulkhead.Metrics permits = this.bulkhead.getMetrics();
		return permits.getAvailableConcurrentCalls() < permits.getMaxAllowedConcurrentCalls();
	}

	/** Takes as many due operations as the bulkhead has free permits. */
	private void take(ExecutorService calls) {
		int permits = 0;
		while (this.bulkhead.tryAcquirePermission()) {
			permits++;
		}
		if (permits == 0) {
			return;
		}
		this.due = false;
		List<Operation> taken = List.of();
		try {
			boolean isCircuitOpen = this.breaker.getState() == CircuitBreaker.State.OPEN;
			taken = this.payments.take(permits, this.properties.lease(), isCircuitOpen);
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot take due operations: {}", ex.toString());
		}
		for (int unused = permits - taken.size(); unused > 0; unused--) {
			this.bulkhead.releasePermission();
		}
		if (taken.size() == permits) {
			this.due = true;
		}
		taken.forEach((operation) -> calls.execute(() -> execute(operation)));
	}

	private void execute(Operation operation) {
		try (MDC.MDCCloseable _ = MDC.putCloseable(MessageContext.CORRELATION_ID,
				operation.context().correlationId())) {
			boolean needsNoCall = operation.isWithdrawn() || operation.reply().isPresent();
			this.executed.add(needsNoCall ? new Execution.WithoutCall(operation) : call(operation));
		}
		catch (RuntimeException ex) {
			logger.error("Operation {} of payment {} failed", operation.id(), operation.payment().id(), ex);
		}
		finally {
			this.bulkhead.onComplete();
			this.signals.release();
		}
	}

	private Execution call(Operation operation) {
		Payment payment = operation.payment();
		OperationKind call = operation.callKind();
		String key = operation.idempotencyKey(call);
		Money refundAmount = operation.refundAmount();
		long start = System.nanoTime();
		ProviderResult result = switch (call) {
			case AUTHORISE -> this.provider.authorise(payment.authorisation(), key);
			case CAPTURE -> this.provider.capture(payment.reference(), key);
			case VOID -> this.provider.cancel(payment.reference(), key);
			case REFUND -> this.provider.refund(payment.reference(), refundAmount, key);
			case RETRIEVE -> this.provider.retrieve(payment.reference());
		};
		this.metrics.recordCall(call, result, System.nanoTime() - start);
		if (result instanceof ProviderResult.Refused(String reason, ProviderIntent intent)) {
			logger.warn("The provider refuses the {} of payment {}, whose state is {} there: {}", call, payment.id(),
					intent.status(), reason);
		}
		if (result instanceof ProviderResult.Unknown(String cause, boolean _)) {
			logger.warn("The outcome of the {} of payment {} is unknown after attempt {}: {}", call, payment.id(),
					operation.attempts(), cause);
		}
		return new Execution.Called(operation, call, refundAmount, result);
	}

	private void settle() {
		List<Execution> batch = new ArrayList<>();
		for (Execution next = this.executed.poll(); next != null; next = this.executed.poll()) {
			batch.add(next);
		}
		if (!batch.isEmpty()) {
			settle(batch);
		}
	}

	private void settle(List<Execution> batch) {
		try {
			if (this.settlement.settle(batch)) {
				wake();
			}
		}
		catch (RuntimeException ex) {
			if (this.running && TransientFailures.isTransient(ex)) {
				logger.warn("{} operations cannot be settled yet: {}", batch.size(), ex.toString());
				this.executed.addAll(batch);
			}
			else if (batch.size() > 1) {
				batch.forEach((execution) -> settle(List.of(execution)));
			}
			else {
				Operation operation = batch.getFirst().operation();
				logger.error("Cannot settle operation {} of payment {}; it is retried when its lease ends",
						operation.id(), operation.payment().id(), ex);
			}
		}
	}

	@Override
	public synchronized void start() {
		this.running = true;
		this.thread = Executors.newVirtualThreadPerTaskExecutor();
		this.thread.execute(this::run);
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		this.signals.release();
		this.thread.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
