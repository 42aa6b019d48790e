package dev.sagamart.gateway.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Writes audit entries in the background. Adding an entry never blocks a request: a
 * single thread writes the entries in batches. While the database is unavailable, they
 * wait in a bounded queue; when it is full, further entries are dropped, counted and
 * logged. Refusals do not use the queue: they are counted, and only the counts are
 * written. A graceful shutdown writes everything first; a killed process loses what was
 * not written yet.
 */
@Component
class AuditTrail implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(AuditTrail.class);

	private static final int BATCH = 500;

	/** The maximum delay of an entry while the database is available. */
	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

	/** Shorter outages are not logged: they may be restarts of the database. */
	private static final Duration WARN_AFTER = Duration.ofSeconds(10);

	private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

	/** The maximum delay of the first refusal of its kind. */
	private static final Duration REFUSALS_INTERVAL = Duration.ofSeconds(1);

	private static final Duration PARTITIONS_INTERVAL = Duration.ofMinutes(1);

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

	private final AuditRepository repository;

	private final AuditPartitions partitions;

	private final Flyway flyway;

	private final Clock clock;

	private final BlockingQueue<AuditEntry> queue;

	private final Refusals refusals;

	private final Counter written;

	private final Counter dropped;

	private @Nullable ScheduledExecutorService executor;

	// Only the writing thread accesses the following fields.

	private final List<AuditEntry> batch = new ArrayList<>(BATCH);

	private final List<AuditEntry> refusalBatch = new ArrayList<>();

	private boolean migrated;

	private @Nullable Instant failingSince;

	private Instant retryAt = Instant.MIN;

	private Instant refusalsAt = Instant.MIN;

	private Instant partitionsAt = Instant.MIN;

	private Instant logAt = Instant.MIN;

	private double droppedWhenLogged;

	AuditTrail(AuditRepository repository, AuditPartitions partitions, Flyway flyway, AuditProperties properties,
			Clock clock, MeterRegistry meters) {
		this.repository = repository;
		this.partitions = partitions;
		this.flyway = flyway;
		this.clock = clock;
		this.refusals = new Refusals(properties.refusalsAtOnce());
		this.queue = new ArrayBlockingQueue<>(properties.queueCapacity());
		this.written = Counter.builder("sagamart.audit.written")
			.description("Audit entries that were written to the database")
			.register(meters);
		this.dropped = Counter.builder("sagamart.audit.dropped")
			.description("Audit entries that were lost")
			.register(meters);
		Gauge.builder("sagamart.audit.waiting", this.queue, BlockingQueue::size)
			.description("Audit entries that wait to be written")
			.register(meters);
	}

	/** Adds an entry, or drops it if the queue is full. Never blocks. */
	void add(AuditEntry entry) {
		if (entry.isRefusal()) {
			this.refusals.add(entry);
		}
		else if (!this.queue.offer(entry)) {
			this.dropped.increment();
		}
	}

	// The job catches its exceptions, so its future never fails.
	@SuppressWarnings("FutureReturnValueIgnored")
	@Override
	public synchronized void start() {
		ScheduledExecutorService writer = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("audit").factory());
		writer.scheduleWithFixedDelay(this::run, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		this.executor = writer;
	}

	/** Called after the server has sent its last response. */
	@Override
	public synchronized void stop() {
		ScheduledExecutorService writer = this.executor;
		if (writer == null) {
			return;
		}
		this.executor = null;
		writer.shutdown();
		try {
			if (writer.awaitTermination(SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.refusals.drainTo(this.refusalBatch, Instant.MAX);
				this.retryAt = Instant.MIN;
				run();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		int left = waiting();
		if (left > 0) {
			this.dropped.increment(left);
			logger.error("{} audit entries are lost, because the database was unavailable until the shutdown", left);
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	/** Stops after the web server and before the connection pool. */
	@Override
	public int getPhase() {
		return 0;
	}

	private void run() {
		Instant now = this.clock.instant();
		if (!now.isBefore(this.retryAt)) {
			try {
				if (!this.migrated) {
					this.flyway.migrate();
					this.migrated = true;
				}
				write();
				writeRefusals(now);
				maintain(now);
				this.failingSince = null;
			}
			catch (RuntimeException ex) {
				this.retryAt = now.plus(PAUSE_AFTER_FAILURE);
				Instant since = (this.failingSince != null) ? this.failingSince : now;
				this.failingSince = since;
				if (now.isAfter(since.plus(WARN_AFTER)) && isTimeToLog(now)) {
					logger.warn("Cannot write the audit and will try again, {} entries are waiting: {}", waiting(),
							NestedExceptionUtils.getMostSpecificCause(ex).toString());
				}
			}
		}
		double lost = this.dropped.count();
		if (lost > this.droppedWhenLogged && isTimeToLog(now)) {
			logger.error("{} audit entries were lost", (long) (lost - this.droppedWhenLogged));
			this.droppedWhenLogged = lost;
		}
	}

	private void write() {
		while (!this.batch.isEmpty() || this.queue.drainTo(this.batch, BATCH) > 0) {
			write(this.batch, (entries) -> {
				this.repository.add(entries);
				this.written.increment(entries.size());
			});
		}
	}

	private void writeRefusals(Instant now) {
		if (this.refusalBatch.isEmpty() && !now.isBefore(this.refusalsAt)) {
			this.refusals.drainTo(this.refusalBatch, now);
			this.refusalsAt = now.plus(REFUSALS_INTERVAL);
		}
		if (!this.refusalBatch.isEmpty()) {
			write(this.refusalBatch, this.repository::count);
		}
	}

	/** Drops only entries that the database refuses even on their own. */
	private void write(List<AuditEntry> entries, Consumer<List<AuditEntry>> writer) {
		if (!tryWrite(entries, writer)) {
			this.partitions.createFor(entries);
			if (!tryWrite(entries, writer)) {
				entries.stream()
					.filter((entry) -> !tryWrite(List.of(entry), writer))
					.forEach((refused) -> this.dropped.increment());
			}
		}
		entries.clear();
	}

	private static boolean tryWrite(List<AuditEntry> entries, Consumer<List<AuditEntry>> writer) {
		try {
			writer.accept(entries);
			return true;
		}
		catch (DataIntegrityViolationException _) {
			return false;
		}
	}

	private int waiting() {
		return this.batch.size() + this.queue.size() + this.refusalBatch.size();
	}

	private void maintain(Instant now) {
		if (now.isBefore(this.partitionsAt)) {
			return;
		}
		this.refusals.setFull(this.partitions.maintain(now));
		boolean more = this.repository.purge(this.partitions.firstDayKept(now));
		this.partitionsAt = more ? now : now.plus(PARTITIONS_INTERVAL);
	}

	private boolean isTimeToLog(Instant now) {
		if (now.isBefore(this.logAt)) {
			return false;
		}
		this.logAt = now.plus(LOG_INTERVAL);
		return true;
	}

}
