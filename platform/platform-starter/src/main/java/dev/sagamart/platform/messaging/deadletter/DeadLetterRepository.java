package dev.sagamart.platform.messaging.deadletter;

import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Discarded;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Filter;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Fix;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.core.type.TypeReference;

/** The table of dead letters. Payloads are encrypted if the service encrypts. */
class DeadLetterRepository {

	private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {
	};

	private static final String MATCHING = """
			(consumer = :consumer or :consumer::text is null) and (topic = :topic or :topic::text is null)
			and (type = :type or :type::text is null) and (position(:cause in cause) > 0 or :cause::text is null)""";

	private final JdbcClient jdbc;

	private final Map<String, Subscription> subscriptions;

	private final @Nullable PersonalData personalData;

	/**
	 * Makes the repository.
	 * @param subscriptions by their groups, which tell what is personal in a payload
	 */
	DeadLetterRepository(JdbcClient jdbc, Map<String, Subscription> subscriptions,
			@Nullable PersonalData personalData) {
		this.jdbc = jdbc;
		this.subscriptions = subscriptions;
		this.personalData = personalData;
	}

	List<DeadLetter> list(Filter filter, boolean discarded, int limit, @Nullable UUID after) {
		return matching("select * from dead_letter where (discarded_at is not null) = :discarded"
				+ " and (id < :after or :after::uuid is null) and " + MATCHING + " order by id desc limit :limit",
				filter)
			.param("discarded", discarded)
			.param("after", after)
			.param("limit", limit)
			.query(this::toDeadLetter)
			.list();
	}

	Optional<DeadLetter> find(UUID id) {
		return this.jdbc.sql("select * from dead_letter where id = ?").param(id).query(this::toDeadLetter).optional();
	}

	/** Locks one that was not discarded, as it would be replayed. */
	Optional<Parked> lock(UUID id) {
		return this.jdbc.sql("select * from dead_letter where id = ? and discarded_at is null for update")
			.param(id)
			.query(this::toParked)
			.optional();
	}

	long count(int limit) {
		return this.jdbc.sql("select count(*) from (select from dead_letter where discarded_at is null limit ?) parked")
			.param(limit)
			.query(Long.class)
			.single();
	}

	/**
	 * Adds a dead letter.
	 * @return whether it is new
	 */
	boolean add(UUID id, Parked parked, String cause, Instant at) {
		byte[] encrypted = encrypted(id, parked.payload());
		return this.jdbc.sql("""
				insert into dead_letter (id, consumer, topic, partition_number, record_offset, msg_key, type,
					event_id, headers, payload, encrypted_payload, cause, created_at)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?) on conflict do nothing""")
			.params(Arrays.asList(id, parked.consumer(), parked.topic(), parked.partition(), parked.offset(),
					parked.key(), parked.headers().get(MessageHeaders.TYPE), parked.eventId(),
					MessageJson.writeText(parked.headers()), (encrypted != null) ? null : parked.payload(), encrypted,
					cause, at.atOffset(ZoneOffset.UTC)))
			.update() > 0;
	}

	/** Stores what it is replayed with from now on. */
	void fix(UUID id, Parked fixed) {
		byte[] encrypted = encrypted(id, fixed.payload());
		this.jdbc.sql("""
				update dead_letter
				set fixed_headers = ?::jsonb, fixed_payload = ?, encrypted_fixed_payload = ?, fixed_at = now()
				where id = ?""")
			.params(Arrays.asList(MessageJson.writeText(fixed.headers()), (encrypted != null) ? null : fixed.payload(),
					encrypted, id))
			.update();
	}

	/** Records why a replay failed. */
	boolean fail(UUID id, String cause) {
		return this.jdbc.sql("update dead_letter set cause = ? where id = ? and discarded_at is null")
			.params(cause, id)
			.update() > 0;
	}

	void remove(UUID id) {
		this.jdbc.sql("delete from dead_letter where id = ?").param(id).update();
	}

	boolean discard(UUID id, @Nullable String reason) {
		return this.jdbc.sql("""
				update dead_letter set discarded_at = now(), discard_reason = ?, replay_at = null
				where id = ? and discarded_at is null""").param(reason).param(id).update() > 0;
	}

	int schedule(Filter filter, int perSecond, int limit) {
		return matching("""
				update dead_letter d
				set replay_at = now() + (position - 1) * interval '1 second' / :perSecond
				from (select id, row_number() over (order by id) as position
				      from dead_letter where discarded_at is null and %s order by id limit :limit) due
				where d.id = due.id and d.discarded_at is null""".formatted(MATCHING), filter)
			.param("perSecond", perSecond)
			.param("limit", limit)
			.update();
	}

	/** Takes one that is due, which no other instance takes within the next minute. */
	Optional<UUID> takeDue() {
		return this.jdbc.sql("""
				update dead_letter set replay_at = now() + interval '1 minute'
				where id = (select id from dead_letter where replay_at <= now()
				            order by replay_at limit 1 for update skip locked)
				returning id""").query((row, _) -> row.getObject(1, UUID.class)).optional();
	}

	void unschedule(UUID id) {
		this.jdbc.sql("update dead_letter set replay_at = null where id = ?").param(id).update();
	}

	private StatementSpec matching(String sql, Filter filter) {
		return this.jdbc.sql(sql)
			.param("consumer", filter.consumer())
			.param("topic", filter.topic())
			.param("type", filter.type())
			.param("cause", filter.cause());
	}

	private byte @Nullable [] encrypted(UUID id, byte @Nullable [] payload) {
		return (payload != null && this.personalData != null) ? this.personalData.encrypt(payload, "payload of " + id)
				: null;
	}

	/** The payload in one of two columns, of which the other holds it encrypted. */
	private byte @Nullable [] payload(ResultSet row, String column) throws SQLException {
		byte[] encrypted = row.getBytes("encrypted_" + column);
		return (encrypted != null && this.personalData != null)
				? this.personalData.decryptBytes(encrypted, "payload of " + row.getString("id")) : row.getBytes(column);
	}

	private DeadLetter toDeadLetter(ResultSet row, int index) throws SQLException {
		byte[] key = row.getBytes("msg_key");
		String consumer = row.getString("consumer");
		String type = row.getString("type");
		Instant fixedAt = instant(row, "fixed_at");
		Instant discardedAt = instant(row, "discarded_at");
		return new DeadLetter(row.getObject("id", UUID.class), consumer, row.getString("topic"),
				row.getInt("partition_number"), row.getLong("record_offset"),
				(key != null) ? MessageHeaders.text(key) : null, type, row.getObject("event_id", UUID.class),
				headers(row, "headers"), masked(payload(row, "payload"), consumer, type), row.getString("cause"),
				row.getObject("created_at", OffsetDateTime.class).toInstant(),
				(fixedAt != null) ? fix(row, consumer, fixedAt) : null, instant(row, "replay_at"),
				(discardedAt != null) ? new Discarded(discardedAt, row.getString("discard_reason")) : null);
	}

	private Fix fix(ResultSet row, String consumer, Instant at) throws SQLException {
		Map<String, String> headers = headers(row, "fixed_headers");
		return new Fix(headers, masked(payload(row, "fixed_payload"), consumer, headers.get(MessageHeaders.TYPE)), at);
	}

	/**
	 * If the type is not known here, any of the topic's personal components may be there.
	 */
	private @Nullable String masked(byte @Nullable [] payload, String consumer, @Nullable String type) {
		Subscription subscription = this.subscriptions.get(consumer);
		if (payload == null || subscription == null) {
			return (payload != null) ? MessageJson.MASK : null;
		}
		Class<? extends Message> known = (type != null) ? subscription.typeOf(type) : null;
		return (known == null && subscription.knowsPersonalData()) ? MessageJson.MASK
				: MessageJson.masked(payload, known);
	}

	private static Map<String, String> headers(ResultSet row, String column) throws SQLException {
		return MessageJson.read(row.getString(column), HEADERS);
	}

	private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	private Parked toParked(ResultSet row, int index) throws SQLException {
		String fixed = (row.getObject("fixed_at") != null) ? "fixed_" : "";
		return new Parked(row.getString("consumer"), row.getObject("event_id", UUID.class), row.getString("topic"),
				row.getInt("partition_number"), row.getLong("record_offset"), row.getBytes("msg_key"),
				headers(row, fixed + "headers"), payload(row, fixed + "payload"));
	}

}
