package dev.sagamart.simulator;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the books. Intents and refunds are kept for ever, results by idempotency
 * key for a day, and events for 30 days. Every change deletes a few older rows.
 */
record Tables(Database database) {

	private static final long RESULT_RETENTION = Duration.ofHours(24).toSeconds();

	private static final long EVENT_RETENTION = Duration.ofDays(30).toSeconds();

	private static final String STATE = "%1$s.status, %1$s.method, %1$s.captured, %1$s.refunded, %1$s.decline, "
			+ "%1$s.canceled_at, %1$s.cancellation_reason";

	private static final String INTENT = "SELECT i.number, i.id, i.created, i.amount, i.currency, i.manual, "
			+ "i.metadata, " + STATE.formatted("i") + " FROM intent i";

	private static final String REFUND = "SELECT r.number, r.id, r.created, i.id, r.amount, i.currency, r.reason, "
			+ "r.metadata FROM refund r JOIN intent i ON i.number = r.intent";

	private static final String CHANGE = "SELECT i.number, i.id, i.created, i.amount, i.currency, i.manual, "
			+ "i.metadata, " + STATE.formatted("c") + ", r.number, r.id, r.created, i.id, r.amount, i.currency, "
			+ "r.reason, r.metadata, c.refused, c.number, c.event_id, c.event_type, c.created%s "
			+ "FROM change c JOIN intent i ON i.number = c.intent LEFT JOIN refund r ON r.number = c.refund";

	private static final String EVENT = CHANGE.formatted("");

	private static final String PAGE = " AND %1$s.created >= ? AND %1$s.created < ? "
			+ "AND (%1$s.created, %1$s.number) < (?, ?) ORDER BY %1$s.created DESC, %1$s.number DESC LIMIT ?";

	private static final String OLDER_INTENTS = PAGE.formatted("i");

	private static final String OLDER_REFUNDS = PAGE.formatted("r");

	private static final String OLDER_EVENTS = PAGE.formatted("c");

	private static final String RESULT = CHANGE.formatted(", a.request")
			+ " JOIN answer a ON a.change = c.number WHERE a.key = ? AND a.created > ?";

	private static final String DELIVERY = CHANGE.formatted(", d.attempts")
			+ " JOIN delivery d ON d.event_id = c.event_id WHERE d.due <= ? ORDER BY d.due LIMIT ?";

	/** The result for an idempotency key, with the hash of its request. */
	record StoredResult(int request, OperationResult result) {
	}

	/** A webhook that is due, with the number of earlier attempts. */
	record Delivery(Event event, int attempts) {
	}

	/**
	 * A page of a list: created from {@code from} (inclusive) to {@code before}
	 * (exclusive), and older than a position. The index scan starts at {@code before}.
	 */
	record Page(long from, long before, long createdAtMost, long numberBelow, int size) {

		/** The values of a query, which begin with the value of its filter, if any. */
		Object[] after(@Nullable String filter) {
			Stream<Object> page = Stream.of(this.from, this.before, this.createdAtMost, this.numberBelow, this.size);
			return Stream.concat(Stream.ofNullable(filter), page).toArray();
		}

	}

	Tables createIfMissing() {
		if (this.database.query("PRAGMA user_version", (row) -> row.getInt(1)).getFirst() == 0) {
			InputStream schema = Objects.requireNonNull(Tables.class.getResourceAsStream("books.sql"));
			try (Scanner statements = new Scanner(schema, StandardCharsets.UTF_8)) {
				statements.useDelimiter(";\\s*").forEachRemaining(this.database::execute);
			}
		}
		return this;
	}

	@Nullable Intent intent(String id) {
		return this.database.first(INTENT + " WHERE i.id = ?", Tables::readIntent, id);
	}

	@Nullable Refund refund(String id) {
		return this.database.first(REFUND + " WHERE r.id = ?", (row) -> readRefund(row, 1), id);
	}

	@Nullable Event event(String id) {
		return this.database.first(EVENT + " WHERE c.event_id = ?", Tables::readEvent, id);
	}

	@Nullable StoredResult result(String key, long now) {
		return this.database.first(RESULT, (row) -> new StoredResult(row.getInt(28), readResult(row)), key,
				now - RESULT_RETENTION);
	}

	List<Intent> intents(Page page) {
		return this.database.query(INTENT + " WHERE TRUE" + OLDER_INTENTS, Tables::readIntent, page.after(null));
	}

	/** Intents with a charge: all, or the one with this id. */
	List<Intent> charges(@Nullable String intentId, Page page) {
		String where = " WHERE i.charge = 1" + ((intentId != null) ? " AND i.id = ?" : "");
		return this.database.query(INTENT + where + OLDER_INTENTS, Tables::readIntent, page.after(intentId));
	}

	List<Refund> refunds(@Nullable String intentId, Page page) {
		String where = " WHERE "
				+ ((intentId != null) ? "r.intent = (SELECT number FROM intent WHERE id = ?)" : "TRUE");
		return this.database.query(REFUND + where + OLDER_REFUNDS, (row) -> readRefund(row, 1), page.after(intentId));
	}

	/** Events of some types; one index scan per type, so that rare types are fast too. */
	List<Event> events(List<String> types, Page page, long now) {
		Page kept = new Page(Math.max(page.from(), now - EVENT_RETENTION), page.before(), page.createdAtMost(),
				page.numberBelow(), page.size());
		return types.stream()
			.flatMap((type) -> this.database
				.query(EVENT + " WHERE c.event_id IS NOT NULL AND c.event_type = ?" + OLDER_EVENTS, Tables::readEvent,
						kept.after(type))
				.stream())
			.sorted(Comparator.comparingLong(Event::created).thenComparingLong(Event::number).reversed())
			.limit(page.size())
			.toList();
	}

	List<Intent> search(String name, String value) {
		return this.database.query(INTENT + " JOIN metadata m ON m.intent = i.number WHERE m.name = ? AND m.value = ? "
				+ "ORDER BY m.intent DESC LIMIT 100", Tables::readIntent, name, value);
	}

	/**
	 * Saves the result of an operation.
	 * @param deliver whether to schedule the delivery of its event
	 */
	void record(OperationResult result, @Nullable String key, int request, long now, boolean deliver) {
		String eventId = (result.eventType() != null) ? newId("evt_") : null;
		long number = save(result.intent());
		Refund refund = result.refund();
		Long refundNumber = (refund != null) ? save(refund, number) : null;
		IntentState state = result.intent().state();
		long change = this.database.insert("INSERT INTO change VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				now, number, refundNumber, result.declineCode(), eventId, result.eventType(), state.status().name(),
				state.method(), state.captured(), state.refunded(), state.decline(), state.canceledAt(),
				state.cancellationReason());
		if (key != null) {
			this.database.update("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", change, now, key, request);
		}
		if (eventId != null && deliver) {
			this.database.update("INSERT INTO delivery VALUES (?, ?, 0)", eventId, now);
		}
		deleteOld(now);
	}

	private long save(Intent intent) {
		IntentState state = intent.state();
		if (intent.number() != 0) {
			this.database.update("""
					UPDATE intent SET charge = ?, status = ?, method = ?, captured = ?, refunded = ?, decline = ?,
					canceled_at = ?, cancellation_reason = ? WHERE number = ?
					""", state.hasCharge() ? 1 : 0, state.status().name(), state.method(), state.captured(),
					state.refunded(), state.decline(), state.canceledAt(), state.cancellationReason(), intent.number());
			return intent.number();
		}
		long number = this.database.insert("INSERT INTO intent VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				intent.id(), intent.created(), intent.amount(), intent.currency(), intent.manualCapture() ? 1 : 0,
				Form.encode(intent.metadata()), state.hasCharge() ? 1 : 0, state.status().name(), state.method(),
				state.captured(), state.refunded(), state.decline(), state.canceledAt(), state.cancellationReason());
		intent.metadata()
			.forEach((name, value) -> this.database.update("INSERT INTO metadata VALUES (?, ?, ?)", name, value,
					number));
		return number;
	}

	private long save(Refund refund, long intent) {
		return this.database.insert("INSERT INTO refund VALUES (NULL, ?, ?, ?, ?, ?, ?)", refund.id(), intent,
				refund.created(), refund.amount(), refund.reason(), Form.encode(refund.metadata()));
	}

	/** Deletes more rows than a change adds, so that old rows do not accumulate. */
	private void deleteOld(long now) {
		this.database.update("DELETE FROM answer WHERE change IN (SELECT change FROM answer ORDER BY change LIMIT 2) "
				+ "AND created <= ?", now - RESULT_RETENTION);
		this.database.update("DELETE FROM change WHERE number IN (SELECT number FROM change ORDER BY number LIMIT 2) "
				+ "AND created < ?", now - EVENT_RETENTION);
	}

	/** Due deliveries, the oldest first. */
	List<Delivery> due(long now, int limit) {
		return this.database.query(DELIVERY, (row) -> new Delivery(readEvent(row), row.getInt(28)), now, limit);
	}

	void endDelivery(String eventId) {
		this.database.update("DELETE FROM delivery WHERE event_id = ?", eventId);
	}

	void postpone(String eventId, long due) {
		this.database.update("UPDATE delivery SET due = ?, attempts = attempts + 1 WHERE event_id = ?", due, eventId);
	}

	void deleteEverything() {
		List.of("delivery", "answer", "change", "refund", "metadata", "intent")
			.forEach((table) -> this.database.execute("DELETE FROM " + table));
	}

	private static Intent readIntent(ResultSet row) throws SQLException {
		return new Intent(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4), row.getString(5),
				row.getBoolean(6), Form.parse(row.getString(7)).fields(),
				new IntentState(IntentState.Status.valueOf(row.getString(8)), row.getString(9), row.getLong(10),
						row.getLong(11), row.getString(12), row.getLong(13), row.getString(14)));
	}

	private static Refund readRefund(ResultSet row, int first) throws SQLException {
		return new Refund(row.getLong(first), row.getString(first + 1), row.getLong(first + 2),
				row.getString(first + 3), row.getLong(first + 4), row.getString(first + 5), row.getString(first + 6),
				Form.parse(row.getString(first + 7)).fields());
	}

	private static OperationResult readResult(ResultSet row) throws SQLException {
		return new OperationResult(readIntent(row), (row.getString(16) != null) ? readRefund(row, 15) : null,
				row.getString(23));
	}

	private static Event readEvent(ResultSet row) throws SQLException {
		return new Event(row.getLong(24), row.getString(25), row.getString(26), row.getLong(27), readResult(row));
	}

	static String newId(String prefix) {
		byte[] random = new byte[12];
		ThreadLocalRandom.current().nextBytes(random);
		return prefix + HexFormat.of().formatHex(random);
	}

}
