package dev.sagamart.platform.messaging.outbox;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends messages about a change if and only if the change commits. They are written to
 * the {@code outbox} table in the caller's transaction, and the relay sends them to Kafka
 * afterwards, at least once, in the order of their ids.
 * <p>
 * The caller must have locked the aggregate's row (or changed it under a version check)
 * earlier in the same transaction, so that messages of one aggregate get their ids in
 * commit order. Without a transaction every method throws
 * {@link IllegalTransactionStateException}, and {@link IllegalArgumentException} for a
 * message that no {@link Publication} contains.
 */
public final class Outbox {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final JdbcTemplate jdbc;

	private final String insert;

	private final String source;

	private final Map<Class<? extends Message>, Sent> sent = new HashMap<>();

	private final Clock clock;

	private final TransactionSynchronization wakeUp;

	/**
	 * Makes the outbox.
	 * @param source the name of the service, for {@code ce_source}
	 * @param relay called after the commit of a transaction that appended something
	 */
	Outbox(JdbcTemplate jdbc, String source, Collection<Publication> publications, Clock clock, Runnable relay) {
		this.jdbc = jdbc;
		MessageTypes.byName(publications.stream().flatMap((publication) -> publication.families().stream()))
			.forEach((name, type) -> this.sent.put(type, new Sent(name, MessageTypes.topicOf(type).value())));
		this.insert = """
				insert into outbox (event_id, topic, msg_key, type, headers, payload, created_at)
				select event_id, topic, msg_key, type, headers::jsonb, payload, created_at
				from unnest(?, ?, ?, ?, ?, ?, ?)
				with ordinality as row (event_id, topic, msg_key, type, headers, payload, created_at, position)
				order by position""";
		this.source = source;
		this.clock = clock;
		this.wakeUp = new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				relay.run();
			}
		};
	}

	/**
	 * Appends a message that continues the {@linkplain MessageContext#current() current}
	 * context.
	 */
	public void append(Message message) {
		append(message, MessageContext.current());
	}

	/** Appends a message that continues the given context. */
	public void append(Message message, MessageContext context) {
		appendAll(List.of(new Outgoing(message, context)));
	}

	/**
	 * Appends messages in list order with a single statement. An empty list does nothing.
	 */
	public void appendAll(List<Outgoing> messages) {
		requireTransaction();
		if (messages.isEmpty()) {
			return;
		}
		Instant now = now();
		insert(messages.stream().map((outgoing) -> row(outgoing, now)).toList());
	}

	/**
	 * Appends an unchanged copy of a message for another topic.
	 * @param key the key as text
	 */
	public void appendCopy(String topic, @Nullable String key, String type, Map<String, String> headers,
			byte @Nullable [] payload) {
		requireTransaction();
		insert(List.of(new Row(IDS.generate(), topic, key, type, headers, payload, now())));
	}

	private void insert(List<Row> rows) {
		this.jdbc.update(this.insert, SqlArrays.column("uuid", rows, Row::eventId),
				SqlArrays.column("text", rows, Row::topic), SqlArrays.column("text", rows, Row::key),
				SqlArrays.column("text", rows, Row::type),
				SqlArrays.column("text", rows, (row) -> MessageJson.writeText(row.headers())),
				// The driver sends such an array in binary form.
				new SqlArrayValue("bytea", (Object[]) rows.stream().map(Row::payload).toArray(byte[][]::new)),
				SqlArrays.column("timestamptz", rows, Row::createdAt));
		// Registered in a set: one wake-up per transaction.
		TransactionSynchronizationManager.registerSynchronization(this.wakeUp);
	}

	private Row row(Outgoing outgoing, Instant now) {
		Message message = outgoing.message();
		Sent as = this.sent.get(message.getClass());
		if (as == null) {
			throw new IllegalArgumentException("No Publication of this service has " + message.getClass());
		}
		UUID eventId = IDS.generate();
		String key = message.aggregateId().toString();
		return new Row(eventId, as.topic(), key, as.type(),
				MessageHeaders.of(eventId, as.type(), this.source, now, key, outgoing.context()),
				MessageJson.write(message), now);
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
	}

	private static void requireTransaction() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalTransactionStateException("The outbox must be used in the transaction of the change");
		}
	}

	/** The wire name and the topic of a type of messages. */
	private record Sent(String type, String topic) {
	}

	/** A row of the outbox. */
	@SuppressWarnings("ArrayRecordComponent")
	private record Row(UUID eventId, String topic, @Nullable String key, String type, Map<String, String> headers,
			byte @Nullable [] payload, Instant createdAt) {
	}

}
