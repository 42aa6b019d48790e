package dev.sagamart.platform.messaging;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Halts the process as soon as Kafka has acknowledged so many messages, and nothing of
 * the batch is deleted from the outbox.
 */
public class HaltingInterceptor implements ProducerInterceptor<byte[], byte[]> {

	static final String AFTER = "halt.after.acknowledgements";

	private final AtomicInteger left = new AtomicInteger();

	@Override
	public void configure(Map<String, ?> configs) {
		this.left.set(Integer.parseInt(configs.get(AFTER).toString()));
	}

	@Override
	public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> message) {
		return message;
	}

	@Override
	public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
		if (failure == null && this.left.decrementAndGet() == 0) {
			Runtime.getRuntime().halt(ServiceProcess.HALTED);
		}
	}

	@Override
	public void close() {
	}

}
