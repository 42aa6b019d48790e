package dev.sagamart.platform.test.contract;

import au.com.dius.pact.consumer.MessagePactBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDsl;
import au.com.dius.pact.consumer.dsl.LambdaDslJsonBody;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Interaction.AsynchronousMessage;
import au.com.dius.pact.core.model.V4Pact;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The fields that a consumer reads of a provider's messages; the provider may change the
 * others. The contract is committed as a pact, which the provider's tests verify.
 */
public final class ConsumerContract {

	static final String TOPIC = "topic";

	private static final String ID = "0199f0a0-0000-7000-8000-00000000000e";

	private final MessagePactBuilder builder;

	/**
	 * Creates a contract without messages.
	 * @param consumer the consumer group in Kafka
	 * @param provider the name of the service that sends the messages
	 */
	public ConsumerContract(String consumer, String provider) {
		this.builder = new MessagePactBuilder(PactSpecVersion.V4).consumer(consumer).hasPactWith(provider);
	}

	/**
	 * Adds a message.
	 * @param fields the fields that are read, with an example of each
	 */
	public ConsumerContract reads(String topic, String type, Consumer<LambdaDslJsonBody> fields) {
		this.builder.expectsToReceive(type)
			.withMetadata((headers) -> headers.add(TOPIC, topic)
				.add("ce_type", type)
				.add("ce_specversion", "1.0")
				.uuid("ce_id", ID)
				.add("contentType", "application/json"))
			.withContent(LambdaDsl.newJsonBody(fields).build());
		return this;
	}

	/** An example of a message, which contains only the fields that are read. */
	public ConsumerRecord<byte[], byte[]> example(String type) {
		AsynchronousMessage message = pact().getInteractions()
			.stream()
			.filter((interaction) -> interaction.getDescription().equals(type))
			.map(AsynchronousMessage.class::cast)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No " + type + " in this contract"));
		Map<String, Object> headers = message.getMetadata();
		ConsumerRecord<byte[], byte[]> example = new ConsumerRecord<>(
				Objects.requireNonNull(headers.get(TOPIC)).toString(), 0, 0, null, message.contentsAsBytes());
		headers
			.forEach((name, value) -> example.headers().add(name, value.toString().getBytes(StandardCharsets.UTF_8)));
		return example;
	}

	/** Fails if the committed pact differs. */
	public void requireCommitted() {
		requireCommitted(pact());
	}

	/** Fails if the committed pact of a call differs. */
	public static void requireCommitted(Pact call) {
		PactFiles.COMMITTED.requireCommitted(call);
	}

	V4Pact pact() {
		return this.builder.toPact(V4Pact.class);
	}

}
