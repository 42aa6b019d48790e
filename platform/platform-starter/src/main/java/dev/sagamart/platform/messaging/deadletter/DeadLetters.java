package dev.sagamart.platform.messaging.deadletter;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.inbox.DeadLetterChannel;
import dev.sagamart.platform.messaging.inbox.Inbox;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.messaging.wire.UnreadableMessageException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;

/**
 * Messages that were parked so that their partition could go on, a table of the service's
 * schema, which holds what they say encrypted if the service encrypts personal data. A
 * copy of each goes to {@code TOPIC.GROUP.dlt} through the outbox.
 * <p>
 * A parked message counts as received: no other copy of it is handled or parked, so that
 * a replay is the only way it can still take effect, once.
 */
public final class DeadLetters implements DeadLetterChannel {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final int MOST_COUNTED = 100_000;

	private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {
	};

	private final JdbcTemplate jdbc;

	private final TransactionOperations transactions;

	private final Inbox inbox;

	private final Outbox outbox;

	private final Map<String, Subscription> subscriptions;

	private final Clock clock;

	private final @Nullable PersonalData personalData;

	private volatile long count;

	DeadLetters(JdbcTemplate jdbc, TransactionOperations transactions, Inbox inbox, Outbox outbox,
			List<Subscription> subscriptions, Clock clock, @Nullable PersonalData personalData, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.inbox = inbox;
		this.outbox = outbox;
		this.subscriptions = subscriptions.stream()
			.collect(Collectors.toUnmodifiableMap(Subscription::group, Function.identity()));
		this.clock = clock;
		this.personalData = personalData;
		Gauge.builder("sagamart.dead.letters", this, (self) -> self.count)
			.description("Messages that wait to be replayed or discarded, counted up to " + MOST_COUNTED)
			.register(meters);
	}

	/** What became of a replay. */
	public enum Replay {

		/** Handled, and no dead letter any more. */
		HANDLED,

		/** Failed again; the dead letter stays and tells the new cause. */
		FAILED,

		/** There is no such dead letter (any more). */
		NOT_FOUND

	}

	/**
	 * The dead letters, latest first, with what is personal in them masked.
	 * @param after the last one of the page before
	 */
	public List<DeadLetter> list(int limit, @Nullable UUID after) {
		return this.jdbc.query("""
				select * from dead_letter where ?::uuid is null or id < ?::uuid order by id desc limit ?""",
				this::toDeadLetter, after, after, limit);
	}

	/**
	 * Handles a dead letter again, through the handler of its subscription, and removes
	 * it if that succeeds, in one transaction. A transient failure is thrown.
	 */
	public Replay replay(UUID id) {
		try {
			Boolean handled = this.transactions.execute((status) -> handleAgain(id));
			return Boolean.TRUE.equals(handled) ? Replay.HANDLED : Replay.NOT_FOUND;
		}
		catch (RuntimeException | StackOverflowError ex) {
			if (TransientFailures.isTransient(ex)) {
				throw ex;
			}
			logger.warn("Dead letter {} failed again", id, ex);
			int found = this.jdbc.update("update dead_letter set cause = ? where id = ?",
					TransientFailures.describe(ex), id);
			return (found > 0) ? Replay.FAILED : Replay.NOT_FOUND;
		}
	}

	private boolean handleAgain(UUID id) {
		List<Parked> found = this.jdbc.query("select * from dead_letter where id = ? for update", this::toParked, id);
		if (found.isEmpty()) {
			return false;
		}
		Parked parked = found.getFirst();
		Subscription subscription = this.subscriptions.get(parked.consumer());
		if (subscription == null) {
			throw new UnreadableMessageException("This service has no subscription " + parked.consumer() + " any more");
		}
		Received<Message> received = subscription.read(parked.source());
		this.inbox.add(parked.consumer(), Set.of(received.eventId()));
		subscription.handle(List.of(received));
		this.jdbc.update("delete from dead_letter where id = ?", id);
		logger.info("Dead letter {} was replayed", id);
		return true;
	}

	/**
	 * Removes a dead letter for good; its message will never be handled.
	 * @return whether there was one
	 */
	public boolean discard(UUID id) {
		boolean found = this.jdbc.update("delete from dead_letter where id = ?", id) > 0;
		if (found) {
			logger.info("Dead letter {} was discarded", id);
		}
		return found;
	}

	@Scheduled(initialDelay = 2, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void measure() {
		Long count = this.jdbc.queryForObject("select count(*) from (select from dead_letter limit ?) parked",
				Long.class, MOST_COUNTED);
		this.count = (count != null) ? count : 0;
	}

	/** Parks a record, in a transaction of its own. */
	@Override
	public boolean take(Subscription subscription, ConsumerRecord<byte[], byte[]> source, Throwable cause) {
		Boolean parked = this.transactions
			.execute((status) -> insert(subscription, source, TransientFailures.describe(cause)));
		if (!Boolean.TRUE.equals(parked)) {
			return false;
		}
		logger.error("{} gives up on {}-{}@{}, which is a dead letter now", subscription.group(), source.topic(),
				source.partition(), source.offset(), cause);
		return true;
	}

	private boolean insert(Subscription subscription, ConsumerRecord<byte[], byte[]> source, String cause) {
		Map<String, String> headers = MessageHeaders.read(source.headers());
		String consumer = subscription.group();
		UUID eventId = MessageHeaders.eventId(headers);
		if (eventId != null && this.inbox.add(consumer, Set.of(eventId)).isEmpty()) {
			return false;
		}
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		String type = headers.get(MessageHeaders.TYPE);
		UUID id = IDS.generate();
		byte[] encrypted = encrypted(id, source.value());
		int inserted = this.jdbc.update("""
				insert into dead_letter (id, consumer, topic, partition_number, record_offset, msg_key, type,
					event_id, headers, payload, encrypted_payload, cause, created_at)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?) on conflict do nothing""", id, consumer,
				source.topic(), source.partition(), source.offset(), source.key(), type, eventId,
				MessageJson.writeText(headers), (encrypted != null) ? null : source.value(), encrypted, cause,
				now.atOffset(ZoneOffset.UTC));
		if (inserted == 0) {
			return false;
		}
		Map<String, String> copied = new LinkedHashMap<>(headers);
		copied.put("dlt_topic", source.topic());
		copied.put("dlt_partition", String.valueOf(source.partition()));
		copied.put("dlt_offset", String.valueOf(source.offset()));
		copied.put("dlt_cause", cause);
		byte[] key = source.key();
		this.outbox.appendCopy(subscription.deadLetterTopic(source.topic()),
				(key != null) ? MessageHeaders.text(key) : null, (type != null) ? type : "unknown", copied,
				source.value());
		return true;
	}

	private byte @Nullable [] encrypted(UUID id, byte @Nullable [] payload) {
		return (payload != null && this.personalData != null) ? this.personalData.encrypt(payload, "payload of " + id)
				: null;
	}

	private byte @Nullable [] payload(ResultSet row) throws SQLException {
		byte[] encrypted = row.getBytes("encrypted_payload");
		return (encrypted != null && this.personalData != null)
				? this.personalData.decryptBytes(encrypted, "payload of " + row.getString("id"))
				: row.getBytes("payload");
	}

	private DeadLetter toDeadLetter(ResultSet row, int index) throws SQLException {
		byte[] key = row.getBytes("msg_key");
		byte[] payload = payload(row);
		String consumer = row.getString("consumer");
		String type = row.getString("type");
		Subscription subscription = this.subscriptions.get(consumer);
		return new DeadLetter(row.getObject("id", UUID.class), consumer, row.getString("topic"),
				row.getInt("partition_number"), row.getLong("record_offset"),
				(key != null) ? MessageHeaders.text(key) : null, type, row.getObject("event_id", UUID.class),
				MessageJson.read(row.getString("headers"), HEADERS),
				(payload != null) ? MessageJson.masked(payload,
						(subscription != null && type != null) ? subscription.typeOf(type) : null) : null,
				row.getString("cause"), row.getObject("created_at", OffsetDateTime.class).toInstant());
	}

	private Parked toParked(ResultSet row, int index) throws SQLException {
		ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(row.getString("topic"),
				row.getInt("partition_number"), row.getLong("record_offset"), row.getBytes("msg_key"), payload(row));
		RecordHeaders headers = (RecordHeaders) source.headers();
		MessageJson.read(row.getString("headers"), HEADERS)
			.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
		return new Parked(row.getString("consumer"), source);
	}

	private record Parked(String consumer, ConsumerRecord<byte[], byte[]> source) {
	}

}
