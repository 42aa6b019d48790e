package dev.sagamart.platform.messaging.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A dead letter as it would be replayed. */
@SuppressWarnings("ArrayRecordComponent")
record Parked(String consumer, @Nullable UUID eventId, String topic, int partition, long offset, byte @Nullable [] key,
		Map<String, String> headers, byte @Nullable [] payload) {

	Parked with(Map<String, String> headers, byte @Nullable [] payload) {
		return new Parked(this.consumer, this.eventId, this.topic, this.partition, this.offset, this.key, headers,
				payload);
	}

	ConsumerRecord<byte[], byte[]> source() {
		ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(this.topic, this.partition, this.offset, this.key,
				this.payload);
		this.headers.forEach((name, value) -> source.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
		return source;
	}

}
