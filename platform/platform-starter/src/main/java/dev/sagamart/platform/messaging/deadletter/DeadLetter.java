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
 */
public record DeadLetter(UUID id, String consumer, String topic, int partition, long offset, @Nullable String key,
		@Nullable String type, @Nullable UUID eventId, Map<String, String> headers, @Nullable String payload,
		String cause, Instant createdAt) {

	public DeadLetter {
		headers = Map.copyOf(headers);
	}

}
