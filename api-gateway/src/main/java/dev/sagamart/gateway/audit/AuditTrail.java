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
 * Takes entries without ever making a request wait, and writes them from one thread of
 * its own, in batches. While the database is away they wait in memory, as many as there
 * is room for; what comes then is dropped, counted and logged. Refusals take none of that
 * room: they are counted, and the numbers are written. A killed process loses what waits;
 * one that is shut down writes it first.
 */
@Component
class AuditTrail implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

	private static final int BATCH = 500;

	/** How late an entry is written at most, all being well. */
	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

	/**
	 * How long the database may take to start, or to restart: nothing is lost by then.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

	/** How late a refusal is written at most, if it is the first of its kind. */
	private static final Duration REFUSALS_INTERVAL = Duration.ofSeconds(1);

	private static final Duration PARTITIONS_INTERVAL = Duration.ofMinutes(1);

	private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

	private final AuditTable table;

	private final AuditPartitions partitions;

	private final Flyway flyway;

	private final Clock clock;

	private final BlockingQueue<AuditEntry> queue;

	private final Refusals refusals;

	private final Counter written;

	private final Counter dropped;

	private @Nullable ScheduledExecutorService executor;

	// The rest is of the writing thread.

	private final List<AuditEntry> batch = new ArrayList<>(BATCH);

	private final List<AuditEntry> counted = new ArrayList<>();

	private boolean migrated;

	private @Nullable Instant failingSince;

	private Instant retryAt = Instant.MIN;

	private Instant refusalsAt = Instant.MIN;

	private Instant partitionsAt = Instant.MIN;

	private Instant logAt = Instant.MIN;

	private double droppedWhenLogged;

	AuditTrail(AuditTable table, AuditPartitions partitions, Flyway flyway, AuditProperties properties, Clock clock,
			MeterRegistry meters) {
		this.table = table;
		this.partitions = partitions;
		this.flyway = flyway;
		this.clock = clock;
		this.refusals = new Refusals(properties.refusalsAtOnce());
		this.queue = new ArrayBlockingQueue<>(properties.queueCapacity());
		this.written = Counter.builder("sagamart.audit.written")
			.description("Audit entries that are in the database")
			.register(meters);
		this.dropped = Counter.builder("sagamart.audit.dropped")
			.description("Audit entries that are lost")
			.register(meters);
		Gauge.builder("sagamart.audit.waiting", this.queue, BlockingQueue::size)
			.description("Audit entries that wait to be written")
			.register(meters);
	}

	/** Takes an entry, or drops it if there is no room; never waits. */
	void add(AuditEntry entry) {
		if (entry.isRefusal()) {
			this.refusals.add(entry);
		}
		else if (!this.queue.offer(entry)) {
			this.dropped.increment();
		}
	}

	// The job is guarded: it never ends with an exception.
	@SuppressWarnings("FutureReturnValueIgnored")
	@Override
	public synchronized void start() {
		ScheduledExecutorService thread = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("audit").factory());
		thread.scheduleWithFixedDelay(this::run, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		this.executor = thread;
	}

	/** Called when the server has answered its last request. */
	@Override
	public synchronized void stop() {
		ScheduledExecutorService thread = this.executor;
		if (thread == null) {
			return;
		}
		this.executor = null;
		thread.shutdown();
		try {
			if (thread.awaitTermination(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS)) {
				this.refusals.drainTo(this.counted, Instant.MAX);
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
			log.error("{} audit entries are lost: the database did not take them before the shutdown", left);
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	/** After the web server has stopped, before the connections are closed. */
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
				keepUp(now);
				this.failingSince = null;
			}
			catch (RuntimeException ex) {
				this.retryAt = now.plus(PAUSE_AFTER_FAILURE);
				Instant since = (this.failingSince != null) ? this.failingSince : now;
				this.failingSince = since;
				if (now.isAfter(since.plus(PATIENCE)) && isTimeToLog(now)) {
					log.warn("The audit cannot be written, will try again; {} entries wait: {}", waiting(),
							NestedExceptionUtils.getMostSpecificCause(ex).toString());
				}
			}
		}
		double lost = this.dropped.count();
		if (lost > this.droppedWhenLogged && isTimeToLog(now)) {
			log.error("{} audit entries were lost", (long) (lost - this.droppedWhenLogged));
			this.droppedWhenLogged = lost;
		}
	}

	private void write() {
		while (!this.batch.isEmpty() || this.queue.drainTo(this.batch, BATCH) > 0) {
			write(this.batch, (entries) -> {
				this.table.add(entries);
				this.written.increment(entries.size());
			});
		}
	}

	private void writeRefusals(Instant now) {
		if (this.counted.isEmpty() && !now.isBefore(this.refusalsAt)) {
			this.refusals.drainTo(this.counted, now);
			this.refusalsAt = now.plus(REFUSALS_INTERVAL);
		}
		if (!this.counted.isEmpty()) {
			write(this.counted, this.table::count);
		}
	}

	/** What the database refuses for good does not keep the others waiting. */
	private void write(List<AuditEntry> entries, Consumer<List<AuditEntry>> writer) {
		if (!isTaken(entries, writer)) {
			this.partitions.makeFor(entries);
			if (!isTaken(entries, writer)) {
				entries.stream()
					.filter((entry) -> !isTaken(List.of(entry), writer))
					.forEach((refused) -> this.dropped.increment());
			}
		}
		entries.clear();
	}

	private static boolean isTaken(List<AuditEntry> entries, Consumer<List<AuditEntry>> writer) {
		try {
			writer.accept(entries);
			return true;
		}
		catch (DataIntegrityViolationException _) {
			return false;
		}
	}

	private int waiting() {
		return this.batch.size() + this.queue.size() + this.counted.size();
	}

	private void keepUp(Instant now) {
		if (now.isBefore(this.partitionsAt)) {
			return;
		}
		this.refusals.full(this.partitions.keepUp(now));
		boolean more = this.table.purge(this.partitions.firstDayKept(now));
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
