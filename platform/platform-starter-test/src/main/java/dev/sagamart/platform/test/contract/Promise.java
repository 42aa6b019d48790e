package dev.sagamart.platform.test.contract;

import au.com.dius.pact.core.matchers.BodyMismatch;
import au.com.dius.pact.core.matchers.MetadataMismatch;
import au.com.dius.pact.core.model.ContentType;
import au.com.dius.pact.core.model.OptionalBody;
import au.com.dius.pact.core.model.V4Interaction;
import au.com.dius.pact.core.model.V4Interaction.AsynchronousMessage;
import au.com.dius.pact.core.model.V4Interaction.SynchronousMessages;
import au.com.dius.pact.provider.ComparisonResult;
import au.com.dius.pact.provider.ResponseComparison;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A message or an answer that a committed pact expects from a provider.
 *
 * @param consumer the consumer that expects it
 */
public record Promise(String consumer, V4Interaction interaction) {

	/** Everything that consumers expect from a provider. */
	public static Stream<Promise> of(String provider) {
		return of(provider, PactFiles.COMMITTED);
	}

	static Stream<Promise> of(String provider, PactFiles files) {
		return files.of(provider)
			.stream()
			.flatMap((pact) -> pact.getInteractions()
				.stream()
				.map((interaction) -> new Promise(pact.getConsumer().getName(), interaction.asV4Interaction())));
	}

	/** The type of the message, or the name of the call. */
	public String name() {
		return this.interaction.getDescription();
	}

	/** Whether this is the answer to a call and not a message. */
	public boolean isCall() {
		return this.interaction.isSynchronousMessages();
	}

	/** The request of the consumer, for a call. */
	public String request() {
		return ((SynchronousMessages) this.interaction).getRequest().getContents().valueAsString();
	}

	/**
	 * Returns the mismatches of a message.
	 * @param payload the message as it is sent
	 * @param headers the headers of the message in Kafka
	 */
	public List<String> brokenBy(Message message, byte[] payload, Map<String, String> headers) {
		return brokenBy(MessageTypes.topicOf(message.getClass()).value(), payload, headers);
	}

	List<String> brokenBy(String topic, byte[] payload, Map<String, String> headers) {
		Map<String, String> all = new HashMap<>(headers);
		all.put(ConsumerContract.TOPIC, topic);
		return differences(ResponseComparison.Companion.compareMessage((AsynchronousMessage) this.interaction,
				OptionalBody.body(payload, ContentType.getJSON()), all, Map.of()));
	}

	/** Returns the mismatches of the answer to a call. */
	public List<String> brokenBy(String answer) {
		return differences(
				ResponseComparison.Companion.compareSynchronousMessage((SynchronousMessages) this.interaction,
						OptionalBody.body(answer, ContentType.getJSON()), Map.of(), Map.of()));
	}

	private static List<String> differences(ComparisonResult result) {
		List<String> differences = new ArrayList<>();
		for (List<BodyMismatch> found : result.getBodyMismatches().unwrap().getMismatches().values()) {
			found.forEach((mismatch) -> differences.add(mismatch.description()));
		}
		for (List<MetadataMismatch> found : result.getMetadataMismatches().values()) {
			found.forEach((mismatch) -> differences.add(mismatch.description()));
		}
		return differences;
	}

	@Override
	public String toString() {
		return this.consumer + " wants " + name();
	}

}
