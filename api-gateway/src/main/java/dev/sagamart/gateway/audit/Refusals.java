package dev.sagamart.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts refusals by minute, address, user, status and code. There is room for a number
 * of these; what comes then is counted by status and code only, as of others, so that
 * nothing that clients do makes it grow.
 */
class Refusals {

	/** In place of the addresses that have no room of their own. */
	static final String OTHERS = "others";

	private final int room;

	private final Map<Key, Count> counts = new HashMap<>();

	private boolean full;

	/**
	 * @param room how many different ones are told apart at a time
	 */
	Refusals(int room) {
		this.room = room;
	}

	synchronized void add(AuditEntry entry) {
		Key key = new Key(entry.at().truncatedTo(ChronoUnit.MINUTES), entry.address(), entry.userId(), entry.status(),
				entry.code());
		if (!this.counts.containsKey(key) && (this.full || this.counts.size() >= this.room)) {
			// of no minute: while nothing can be written, they do not become more either
			key = new Key(Instant.EPOCH, OTHERS, null, entry.status(), entry.code());
		}
		Count count = this.counts.get(key);
		if (count == null) {
			this.counts.put(key, new Count(entry.counted(key.address(), key.userId())));
		}
		else {
			count.total = count.total.plus(entry);
		}
	}

	/** Counts all that is new as of others, until there is room to keep it again. */
	synchronized void full(boolean now) {
		this.full = now;
	}

	/**
	 * Hands out what is to be written: what is new or shows more samples, what has
	 * doubled since it was handed out, and what is over, since its minute has passed.
	 * What is over is forgotten.
	 */
	synchronized void drainTo(List<AuditEntry> entries, Instant now) {
		for (Iterator<Count> all = this.counts.values().iterator(); all.hasNext();) {
			Count count = all.next();
			boolean over = count.isOver(now);
			if (count.isNews(over)) {
				entries.add(count.total);
				count.written = count.total;
			}
			if (over) {
				all.remove();
			}
		}
	}

	private record Key(Instant minute, String address, @Nullable String userId, @Nullable Integer status,
			@Nullable String code) {
	}

	private static final class Count {

		private AuditEntry total;

		private @Nullable AuditEntry written;

		private Count(AuditEntry first) {
			this.total = first;
		}

		private boolean isOver(Instant now) {
			return !now.isBefore(this.total.at().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1)));
		}

		private boolean isNews(boolean over) {
			return this.written == null || this.total.samples().size() > this.written.samples().size()
					|| this.total.count() >= (over ? this.written.count() + 1 : 2 * this.written.count());
		}

	}

}
