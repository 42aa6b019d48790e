package dev.sagamart.gateway.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The daily partitions (UTC) of the audit tables. Several gateways may maintain them
 * concurrently. Not thread-safe.
 */
@Component
class AuditPartitions {

	private static final Logger logger = LoggerFactory.getLogger(AuditPartitions.class);

	/** Also the gateways of the previous version find a partition for each entry. */
	private static final int DAYS_AHEAD = 3;

	private final JdbcClient jdbc;

	private final AuditProperties properties;

	private final Counter droppedEarly;

	private boolean full;

	AuditPartitions(JdbcClient jdbc, AuditProperties properties, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.properties = properties;
		this.droppedEarly = Counter.builder("sagamart.audit.refusals.dropped.days")
			.description("Days of refusals that were dropped before the end of their retention, to limit their size")
			.register(meters);
	}

	/** Creates the missing partitions for entries of any day. */
	void createFor(List<AuditEntry> entries) {
		entries.stream().map((entry) -> dayOf(entry.at())).distinct().forEach(this::create);
	}

	private void create(LocalDate day) {
		this.jdbc.sql("select make_audit_partitions(?)").param(day).query().listOfRows();
	}

	/**
	 * Creates the partitions of the next days. Drops partitions that are too old, and the
	 * oldest refusals while all refusals exceed their limit.
	 * @return whether the refusals of today alone exceed the limit
	 */
	boolean maintain(Instant now) {
		LocalDate today = dayOf(now);
		today.datesUntil(today.plusDays(DAYS_AHEAD + 1)).forEach(this::create);
		LocalDate oldest = firstDayKept(now);
		partitionsOf("audit_entry").stream().filter((old) -> old.day().isBefore(oldest)).forEach(this::drop);
		Deque<Partition> refusals = new ArrayDeque<>(partitionsOf("audit_refusal"));
		long limit = this.properties.refusalsSize().toBytes();
		long size = refusals.stream().mapToLong(Partition::size).sum();
		while (refusals.getFirst().day().isBefore(today)
				&& (refusals.getFirst().day().isBefore(oldest) || size > limit)) {
			Partition dropped = refusals.removeFirst();
			drop(dropped);
			size -= dropped.size();
			if (!dropped.day().isBefore(oldest)) {
				this.droppedEarly.increment();
				logger.warn(
						"The refusals of {} are dropped before the end of their retention, because all refusals exceed {}",
						dropped.day(), this.properties.refusalsSize());
			}
		}
		boolean tooLarge = size > limit;
		if (tooLarge && !this.full) {
			logger.warn("The refusals of today exceed {}, so new ones are counted together",
					this.properties.refusalsSize());
		}
		this.full = tooLarge;
		return tooLarge;
	}

	/** The first day within the retention; a day is dropped as a whole. */
	LocalDate firstDayKept(Instant now) {
		return dayOf(now.minus(this.properties.retention()));
	}

	/** Returns the partitions of a table, the oldest first. */
	private List<Partition> partitionsOf(String table) {
		return this.jdbc.sql("""
				select relname as name, to_date(right(relname, 8), 'YYYYMMDD') as day,
					coalesce(pg_total_relation_size(oid), 0) as size
				from pg_inherits join pg_class on oid = inhrelid
				where inhparent = ?::regclass order by relname""")
			.param(table)
			.query(new SimplePropertyRowMapper<>(Partition.class))
			.list();
	}

	private void drop(Partition partition) {
		this.jdbc.sql("drop table if exists " + partition.name()).update();
	}

	private static LocalDate dayOf(Instant time) {
		return LocalDate.ofInstant(time, ZoneOffset.UTC);
	}

	/**
	 * @param day the only day that it contains; for rows older than the partitioning, the
	 * last one
	 * @param size in bytes, indexes included
	 */
	private record Partition(String name, LocalDate day, long size) {
	}

}
