package dev.sagamart.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
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

	private final Map<Key, AuditEntry> counts = new HashMap<>();

	/** As it was handed out last. */
	private final Map<Key, AuditEntry> written = new HashMap<>();

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
		this.counts.compute(key,
				(kind, total) -> (total != null) ? total.plus(entry) : entry.counted(kind.address(), kind.userId()));
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
		this.counts.entrySet().removeIf((count) -> {
			AuditEntry total = count.getValue();
			boolean over = !now.isBefore(total.at().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1)));
			if (isNews(total, this.written.get(count.getKey()), over)) {
				entries.add(total);
				this.written.put(count.getKey(), total);
			}
			if (over) {
				this.written.remove(count.getKey());
			}
			return over;
		});
	}

	private static boolean isNews(AuditEntry total, @Nullable AuditEntry written, boolean over) {
		return written == null || total.samples().size() > written.samples().size()
				|| total.count() >= (over ? written.count() + 1 : 2 * written.count());
	}

	private record Key(Instant minute, String address, @Nullable String userId, @Nullable Integer status,
			@Nullable String code) {
	}

}
