package dev.sagamart.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts refusals by minute, address, user, status and code. The number of separate
 * counts is limited; further refusals are counted only by status and code, under the
 * address {@value #OTHERS}, so that clients cannot exhaust the memory.
 */
class Refusals {

	/** Replaces the address of refusals that are not counted separately. */
	static final String OTHERS = "others";

	private final int capacity;

	private final Map<Key, AuditEntry> counts = new HashMap<>();

	/** The counts in the state of the last drain. */
	private final Map<Key, AuditEntry> written = new HashMap<>();

	private boolean full;

	/**
	 * @param capacity how many different refusals are counted separately at a time
	 */
	Refusals(int capacity) {
		this.capacity = capacity;
	}

	synchronized void add(AuditEntry entry) {
		Key key = new Key(entry.at().truncatedTo(ChronoUnit.MINUTES), entry.address(), entry.userId(), entry.status(),
				entry.code());
		if (!this.counts.containsKey(key) && (this.full || this.counts.size() >= this.capacity)) {
			// One key for all minutes, so that these do not accumulate while nothing can
			// be written.
			key = new Key(Instant.EPOCH, OTHERS, null, entry.status(), entry.code());
		}
		this.counts.compute(key, (kind, total) -> (total != null) ? total.plus(entry)
				: entry.firstOfCount(kind.address(), kind.userId()));
	}

	/** Sets whether new kinds of refusals are counted only by status and code. */
	synchronized void setFull(boolean full) {
		this.full = full;
	}

	/**
	 * Adds the counts that have to be written to {@code entries}: those that are new,
	 * have a new sample or have doubled since the last drain, and those whose minute is
	 * over. The latter are removed.
	 */
	synchronized void drainTo(List<AuditEntry> entries, Instant now) {
		this.counts.entrySet().removeIf((count) -> {
			AuditEntry total = count.getValue();
			boolean over = !now.isBefore(total.at().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1)));
			if (mustWrite(total, this.written.get(count.getKey()), over)) {
				entries.add(total);
				this.written.put(count.getKey(), total);
			}
			if (over) {
				this.written.remove(count.getKey());
			}
			return over;
		});
	}

	private static boolean mustWrite(AuditEntry total, @Nullable AuditEntry written, boolean over) {
		return written == null || total.samples().size() > written.samples().size()
				|| total.count() >= (over ? written.count() + 1 : 2 * written.count());
	}

	private record Key(Instant minute, String address, @Nullable String userId, @Nullable Integer status,
			@Nullable String code) {
	}

}
