package dev.sagamart.payments.payment;

import dev.sagamart.payments.provider.PaymentProvider;
import dev.sagamart.payments.provider.ProviderIntent;
import dev.sagamart.payments.provider.ProviderResult;
import dev.sagamart.platform.messaging.MessageContext;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Carries operations out, each on a virtual thread of its own and as many at once as the
 * bulkhead lets through. One more thread looks for due operations, and one settles what
 * came of them, batch by batch.
 * <p>
 * A worker that dies, or a settlement that fails, leaves the operation open: when its
 * lease ends it is carried out again with the same idempotency key, by any instance.
 */
@Component
class OperationWorkers implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(OperationWorkers.class);

	private static final int MAX_SETTLED_TOGETHER = 200;

	private static final Duration DATABASE_PAUSE = Duration.ofMillis(200);

	private final PaymentTables tables;

	private final OperationSettlement settlement;

	private final PaymentProvider provider;

	private final Bulkhead bulkhead;

	private final CircuitBreaker breaker;

	private final OperationMetrics metrics;

	private final OperationProperties properties;

	private final Semaphore wakeUps = new Semaphore(0);

	/** Has a permit from the end on. */
	private final Semaphore ending = new Semaphore(0);

	private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

	private volatile boolean running;

	private volatile ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	OperationWorkers(PaymentTables tables, OperationSettlement settlement, PaymentProvider provider, Bulkhead bulkhead,
			CircuitBreaker breaker, OperationMetrics metrics, OperationProperties properties) {
		this.tables = tables;
		this.settlement = settlement;
		this.provider = provider;
		this.bulkhead = bulkhead;
		this.breaker = breaker;
		this.metrics = metrics;
		this.properties = properties;
	}

	Duration lease() {
		return this.properties.lease();
	}

	/**
	 * Reserves workers for operations that the current transaction writes down. They
	 * start after its commit; what is not used is given back when it ends.
	 */
	Permits reserve(int wanted) {
		Permits permits = new Permits((this.running && !isCircuitOpen()) ? acquire(wanted) : 0);
		TransactionSynchronizationManager.registerSynchronization(permits);
		return permits;
	}

	/** Looks for due operations once the current transaction is committed. */
	void wakeAfterCommit() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				wake();
			}
		});
	}

	private void wake() {
		if (this.wakeUps.availablePermits() == 0) {
			this.wakeUps.release();
		}
	}

	private int acquire(int wanted) {
		int acquired = 0;
		while (acquired < wanted && this.bulkhead.tryAcquirePermission()) {
			acquired++;
		}
		return acquired;
	}

	private boolean isCircuitOpen() {
		return this.breaker.getState() == CircuitBreaker.State.OPEN;
	}

	private void giveBack(int permits) {
		for (int i = 0; i < permits; i++) {
			this.bulkhead.releasePermission();
		}
	}

	/** Whoever cannot start it any more leaves it to its lease. */
	private void start(Operation operation) {
		try {
			this.threads.execute(() -> carryOut(operation));
		}
		catch (RejectedExecutionException ex) {
			logger.info("Operation {} is left to another instance: this one stops", operation.id());
			giveBack(1);
		}
	}

	private void carryOut(Operation operation) {
		try (MDC.MDCCloseable _ = MDC.putCloseable(MessageContext.CORRELATION_ID,
				operation.context().correlationId())) {
			Step step = operation.next();
			ProviderResult result = switch (step) {
				case Step.Tell _, Step.Withdraw _ -> null;
				case Step.Ask ask -> {
					long start = System.nanoTime();
					ProviderResult answer = ask(operation, ask);
					this.metrics.asked(ask.call(), answer, System.nanoTime() - start);
					yield answer;
				}
			};
			this.outcomes.add(new Outcome(operation, step, result));
		}
		catch (RuntimeException ex) {
			logger.error("Operation {} of payment {} failed", operation.id(), operation.payment().id(), ex);
		}
		finally {
			this.bulkhead.onComplete();
		}
	}

	private ProviderResult ask(Operation operation, Step.Ask ask) {
		Payment payment = operation.payment();
		String key = operation.key(ask.call());
		ProviderResult result = switch (ask.call()) {
			case AUTHORISE -> this.provider.authorise(payment.authorisation(), key);
			case CAPTURE -> this.provider.capture(payment.reference(), key);
			case VOID -> this.provider.cancel(payment.reference(), key);
			case REFUND -> this.provider.refund(payment.reference(), ask.amount(), key);
			case RETRIEVE -> this.provider.retrieve(payment.reference());
		};
		if (result instanceof ProviderResult.Refused(String reason, ProviderIntent intent)) {
			logger.warn("The provider refuses the {} of payment {}, which it has as {}: {}", ask.call(), payment.id(),
					intent.status(), reason);
		}
		if (result instanceof ProviderResult.Unknown(String cause, boolean _)) {
			logger.warn("Outcome of {} of payment {} is unknown after attempt {}: {}", ask.call(), payment.id(),
					operation.attempts(), cause);
		}
		return result;
	}

	private void look() {
		while (this.running) {
			boolean more = false;
			try {
				more = takeDue();
				this.metrics.sample(this.tables::backlog);
			}
			catch (RuntimeException ex) {
				logger.warn("Cannot look for due operations: {}", ex.toString());
			}
			try {
				if (!more
						&& this.wakeUps.tryAcquire(this.properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
					this.wakeUps.drainPermits();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	private boolean takeDue() {
		int permits = acquire(MAX_SETTLED_TOGETHER);
		if (permits == 0) {
			return false;
		}
		List<Operation> due = List.of();
		try {
			due = this.tables.take(permits, this.properties.lease(), isCircuitOpen());
		}
		finally {
			giveBack(permits - due.size());
		}
		due.forEach(this::start);
		return due.size() == permits;
	}

	private boolean isBusy() {
		Bulkhead.Metrics workers = this.bulkhead.getMetrics();
		return workers.getAvailableConcurrentCalls() < workers.getMaxAllowedConcurrentCalls();
	}

	private void settle() {
		List<Outcome> batch = new ArrayList<>();
		try {
			while (this.running || isBusy() || !this.outcomes.isEmpty()) {
				Outcome first = this.outcomes.poll(200, TimeUnit.MILLISECONDS);
				if (first != null) {
					batch.add(first);
					this.outcomes.drainTo(batch, MAX_SETTLED_TOGETHER - 1);
					settle(batch);
					batch.clear();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void settle(List<Outcome> batch) throws InterruptedException {
		// An operation whose lease had ended may have come back twice.
		Set<UUID> payments = new HashSet<>();
		List<Outcome> distinct = batch.stream()
			.filter((outcome) -> payments.add(outcome.operation().payment().id()))
			.toList();
		try {
			settleOrWaitForTheDatabase(distinct);
		}
		catch (RuntimeException ex) {
			if (distinct.size() > 1) {
				for (Outcome outcome : distinct) {
					settle(List.of(outcome));
				}
			}
			else {
				Operation operation = distinct.getFirst().operation();
				logger.error("Operation {} of payment {} could not be settled; it is carried out again", operation.id(),
						operation.payment().id(), ex);
			}
		}
	}

	private void settleOrWaitForTheDatabase(List<Outcome> outcomes) throws InterruptedException {
		while (true) {
			try {
				if (this.settlement.settle(outcomes)) {
					wake();
				}
				return;
			}
			catch (TransientDataAccessException | RecoverableDataAccessException | DataAccessResourceFailureException
					| TransactionException ex) {
				if (!this.running) {
					throw ex;
				}
				logger.warn("{} operations cannot be settled yet: {}", outcomes.size(), ex.toString());
				// The end needs no pause: it tries once more.
				if (this.ending.tryAcquire(DATABASE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
					this.ending.release();
				}
			}
		}
	}

	@Override
	public synchronized void start() {
		if (this.threads.isShutdown()) {
			this.threads = Executors.newVirtualThreadPerTaskExecutor();
		}
		this.ending.drainPermits();
		this.running = true;
		this.threads.execute(this::look);
		this.threads.execute(this::settle);
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		this.ending.release();
		wake();
		this.threads.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Workers that are held for operations of one transaction. */
	final class Permits implements TransactionSynchronization {

		private final List<Operation> started = new ArrayList<>();

		private int free;

		private int used;

		private Permits(int free) {
			this.free = free;
		}

		/** Claims a worker for one operation, if there is one left. */
		boolean use() {
			if (this.free == 0) {
				return false;
			}
			this.free--;
			this.used++;
			return true;
		}

		/** Has an operation carried out that a worker was claimed for. */
		void start(Operation operation) {
			this.started.add(operation);
		}

		@Override
		public void afterCommit() {
			this.used -= this.started.size();
			this.started.forEach(OperationWorkers.this::start);
			wakeIfSomeAreLeft();
		}

		private void wakeIfSomeAreLeft() {
			if (this.free == 0) {
				wake();
			}
		}

		@Override
		public void afterCompletion(int status) {
			giveBack(this.free + this.used);
		}

	}

}
