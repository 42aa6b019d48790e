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
 * The days of the audit (UTC), each a partition of its tables. Any number of gateways do
 * the same. Used by one thread.
 */
@Component
class AuditPartitions {

	private static final Logger log = LoggerFactory.getLogger(AuditPartitions.class);

	/** So that entries need not wait for one, also of a gateway of the version before. */
	private static final int DAYS_AHEAD = 3;

	private final JdbcClient jdbc;

	private final AuditProperties properties;

	private final Counter droppedEarly;

	private boolean full;

	AuditPartitions(JdbcClient jdbc, AuditProperties properties, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.properties = properties;
		this.droppedEarly = Counter.builder("sagamart.audit.refusals.dropped.days")
			.description("Days of refusals that were dropped before their time, because they took too much room")
			.register(meters);
	}

	/** Makes those that are missing for entries, whenever they are from. */
	void makeFor(List<AuditEntry> entries) {
		entries.stream().map((entry) -> dayOf(entry.at())).distinct().forEach(this::make);
	}

	private void make(LocalDate day) {
		this.jdbc.sql("select make_audit_partitions(?)").param(day).query().listOfRows();
	}

	/**
	 * Makes those of the next days, and drops what is too old or too much.
	 * @return whether the refusals of today alone take all the room that there is
	 */
	boolean keepUp(Instant now) {
		LocalDate today = dayOf(now);
		today.datesUntil(today.plusDays(DAYS_AHEAD + 1)).forEach(this::make);
		LocalDate oldest = firstDayKept(now);
		partitionsOf("audit_entry").stream().filter((old) -> old.day().isBefore(oldest)).forEach(this::drop);
		Deque<Partition> refusals = new ArrayDeque<>(partitionsOf("audit_refusal"));
		long room = this.properties.refusalsSize().toBytes();
		long size = refusals.stream().mapToLong(Partition::size).sum();
		while (refusals.getFirst().day().isBefore(today)
				&& (refusals.getFirst().day().isBefore(oldest) || size > room)) {
			Partition dropped = refusals.removeFirst();
			drop(dropped);
			size -= dropped.size();
			if (!dropped.day().isBefore(oldest)) {
				this.droppedEarly.increment();
				log.warn("The refusals of {} are dropped before their time: all of them take more than {}",
						dropped.day(), this.properties.refusalsSize());
			}
		}
		boolean tooMuch = size > room;
		if (tooMuch && !this.full) {
			log.warn("The refusals of today take more than {}: new ones are counted together",
					this.properties.refusalsSize());
		}
		this.full = tooMuch;
		return tooMuch;
	}

	/** The first day that is not too old, so that none is dropped before its end is. */
	LocalDate firstDayKept(Instant now) {
		return dayOf(now.minus(this.properties.retention()));
	}

	/** The oldest first. */
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
	 * A partition.
	 *
	 * @param day the last one that it holds
	 * @param size in bytes, indexes included
	 */
	private record Partition(String name, LocalDate day, long size) {
	}

}
