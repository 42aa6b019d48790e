package dev.sagamart.platform.messaging.deadletter;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that a consumer could not handle for a reason that stays.
 *
 * @param consumer the group of the subscription
 * @param key the Kafka key as text
 * @param type the wire name, if the message had one
 * @param eventId the sender's id, if the message had one
 * @param payload what it said, as text, with what is personal masked
 * @param cause why it was given up on
 * @param fix what an operator has made of it
 * @param replayAt when it will be replayed, if that was asked for
 * @param discarded if an operator has given it up
 */
public record DeadLetter(UUID id, String consumer, String topic, int partition, long offset, @Nullable String key,
		@Nullable String type, @Nullable UUID eventId, Map<String, String> headers, @Nullable String payload,
		String cause, Instant createdAt, @Nullable Fix fix, @Nullable Instant replayAt, @Nullable Discarded discarded) {

	public DeadLetter {
		headers = Map.copyOf(headers);
	}

	/** The headers and the payload with which it is replayed. */
	public record Fix(Map<String, String> headers, @Nullable String payload, Instant at) {

		public Fix {
			headers = Map.copyOf(headers);
		}

	}

	/** The end of a dead letter whose message is never handled. */
	public record Discarded(Instant at, @Nullable String reason) {
	}

	/** Which dead letters; what is {@code null} does not count. */
	public record Filter(@Nullable String consumer, @Nullable String topic, @Nullable String type,
			@Nullable String cause) {

		public static final Filter ALL = new Filter(null, null, null, null);

	}

}
