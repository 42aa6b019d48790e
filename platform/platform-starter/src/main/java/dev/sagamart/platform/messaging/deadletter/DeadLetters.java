package dev.sagamart.platform.messaging.deadletter;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Filter;
import dev.sagamart.platform.messaging.inbox.DeadLetterChannel;
import dev.sagamart.platform.messaging.inbox.Inbox;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.messaging.wire.UnreadableMessageException;
import dev.sagamart.platform.retention.OldRows;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;

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

	private static final int MOST_SCHEDULED = 10_000;

	private final DeadLetterRepository letters;

	private final TransactionOperations transactions;

	private final Inbox inbox;

	private final Outbox outbox;

	private final Map<String, Subscription> subscriptions;

	private final Clock clock;

	private final OldRows oldDiscarded;

	private final Duration retention;

	private volatile long count;

	DeadLetters(JdbcTemplate jdbc, MessagingProperties properties, TransactionOperations transactions, Inbox inbox,
			Outbox outbox, List<Subscription> subscriptions, Clock clock, @Nullable PersonalData personalData,
			MeterRegistry meters) {
		this.subscriptions = subscriptions.stream()
			.collect(Collectors.toUnmodifiableMap(Subscription::group, Function.identity()));
		this.letters = new DeadLetterRepository(JdbcClient.create(jdbc), this.subscriptions, personalData);
		this.transactions = transactions;
		this.inbox = inbox;
		this.outbox = outbox;
		this.clock = clock;
		this.oldDiscarded = new OldRows(jdbc, "dead_letter", "discarded_at");
		this.retention = properties.inboxRetention();
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
	 * Dead letters, latest first, with what is personal in them masked.
	 * @param discarded whether those that were discarded, or those that were not
	 * @param after the last one of the page before
	 */
	public List<DeadLetter> list(Filter filter, boolean discarded, int limit, @Nullable UUID after) {
		return this.letters.list(filter, discarded, limit, after);
	}

	public Optional<DeadLetter> find(UUID id) {
		return this.letters.find(id);
	}

	/**
	 * Changes what a dead letter is replayed with. The original stays beside it.
	 * @param headers all headers; {@code null} if they stay as they are
	 * @param payload what is masked in it stays as it is; {@code null} if all of it stays
	 * @return empty if there is no such dead letter (any more)
	 * @throws UnreadableMessageException if it would not be a message of its topic, or
	 * would be another one than before
	 */
	public Optional<DeadLetter> fix(UUID id, @Nullable Map<String, String> headers, @Nullable String payload) {
		return Optional.ofNullable(this.transactions.execute((status) -> this.letters.lock(id).map((parked) -> {
			Subscription subscription = subscription(parked);
			Class<? extends Message> type = subscription.typeOf(parked.headers().getOrDefault(MessageHeaders.TYPE, ""));
			Parked fixed = parked.with((headers != null) ? headers : parked.headers(),
					(payload != null) ? MessageJson.unmasked(payload, parked.payload(), type) : parked.payload());
			Received<Message> received = subscription.read(fixed.source());
			if (parked.eventId() != null && !parked.eventId().equals(received.eventId())) {
				throw new UnreadableMessageException("The header " + MessageHeaders.ID + " must stay as it is");
			}
			this.letters.fix(id, fixed);
			logger.info("Dead letter {} was changed", id);
			return this.letters.find(id).orElseThrow();
		}).orElse(null)));
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
		catch (RuntimeException | Error ex) {
			if (TransientFailures.isTransient(ex)) {
				throw ex;
			}
			logger.warn("Dead letter {} failed again", id, ex);
			return this.letters.fail(id, TransientFailures.describe(ex)) ? Replay.FAILED : Replay.NOT_FOUND;
		}
	}

	private boolean handleAgain(UUID id) {
		Parked parked = this.letters.lock(id).orElse(null);
		if (parked == null) {
			return false;
		}
		Subscription subscription = subscription(parked);
		Received<Message> received = subscription.read(parked.source());
		boolean added = !this.inbox.add(parked.consumer(), Set.of(received.eventId())).isEmpty();
		if (parked.eventId() == null && !added) {
			throw new UnreadableMessageException("A message with this " + MessageHeaders.ID + " was received before");
		}
		subscription.handle(List.of(received));
		this.letters.remove(id);
		logger.info("Dead letter {} was replayed", id);
		return true;
	}

	private Subscription subscription(Parked parked) {
		Subscription subscription = this.subscriptions.get(parked.consumer());
		if (subscription == null) {
			throw new UnreadableMessageException("This service has no subscription " + parked.consumer() + " any more");
		}
		return subscription;
	}

	/**
	 * Lets up to 10,000 dead letters be replayed in the background, the oldest first, by
	 * whichever instance finds them due. One that fails again stays, with its new cause.
	 * @param perSecond how many become due in a second
	 * @return how many
	 */
	public int replayAll(Filter filter, int perSecond) {
		int scheduled = this.letters.schedule(filter, perSecond, MOST_SCHEDULED);
		logger.info("{} dead letters will be replayed, {} in a second", scheduled, perSecond);
		return scheduled;
	}

	/**
	 * Replays what is due. What fails for a transient reason is due again a minute later.
	 * A service without dead letters has nothing to look for.
	 */
	@Scheduled(initialDelay = 3, fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	void replayDue() {
		if (this.count > 0) {
			for (Optional<UUID> due = this.letters.takeDue(); due.isPresent(); due = this.letters.takeDue()) {
				if (replay(due.get()) == Replay.FAILED) {
					this.letters.unschedule(due.get());
				}
			}
		}
	}

	/**
	 * Ends a dead letter; its message will never be handled. It can be seen for as long
	 * as the inbox remembers messages.
	 * @return whether there was one
	 */
	public boolean discard(UUID id, @Nullable String reason) {
		boolean found = this.letters.discard(id, reason);
		if (found) {
			logger.info("Dead letter {} was discarded", id);
		}
		return found;
	}

	@Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
	void removeDiscarded() {
		this.oldDiscarded.removeUntil(this.clock.instant().minus(this.retention));
	}

	@Scheduled(initialDelay = 2, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void measure() {
		this.count = this.letters.count(MOST_COUNTED);
	}

	/** Parks a record, in a transaction of its own. */
	@Override
	public boolean take(Subscription subscription, ConsumerRecord<byte[], byte[]> source, Throwable cause) {
		Boolean parked = this.transactions
			.execute((status) -> park(subscription, source, TransientFailures.describe(cause)));
		if (!Boolean.TRUE.equals(parked)) {
			return false;
		}
		logger.error("{} gives up on {}-{}@{}, which is a dead letter now", subscription.group(), source.topic(),
				source.partition(), source.offset(), cause);
		return true;
	}

	private boolean park(Subscription subscription, ConsumerRecord<byte[], byte[]> source, String cause) {
		Map<String, String> headers = MessageHeaders.read(source.headers());
		String consumer = subscription.group();
		UUID eventId = MessageHeaders.eventId(headers);
		if (eventId != null && this.inbox.add(consumer, Set.of(eventId)).isEmpty()) {
			return false;
		}
		byte[] key = source.key();
		Parked parked = new Parked(consumer, eventId, source.topic(), source.partition(), source.offset(), key, headers,
				source.value());
		if (!this.letters.add(IDS.generate(), parked, cause, this.clock.instant().truncatedTo(ChronoUnit.MICROS))) {
			return false;
		}
		Map<String, String> copied = new LinkedHashMap<>(headers);
		copied.put("dlt_topic", source.topic());
		copied.put("dlt_partition", String.valueOf(source.partition()));
		copied.put("dlt_offset", String.valueOf(source.offset()));
		copied.put("dlt_cause", cause);
		this.outbox.appendCopy(subscription.deadLetterTopic(source.topic()),
				(key != null) ? MessageHeaders.text(key) : null, headers.getOrDefault(MessageHeaders.TYPE, "unknown"),
				copied, source.value());
		return true;
	}

}
