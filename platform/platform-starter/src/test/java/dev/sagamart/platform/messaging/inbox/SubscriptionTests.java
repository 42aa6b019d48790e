package dev.sagamart.platform.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.CustomsEvent;
import dev.sagamart.platform.messaging.CustomsEvent.CustomsAsked;
import dev.sagamart.platform.messaging.CustomsEvent.CustomsRefused;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.ParcelEvent;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelReturned;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelShipped;
import dev.sagamart.platform.messaging.inbox.Subscription.Taken;
import dev.sagamart.platform.messaging.wire.UnreadableMessageException;
import dev.sagamart.platform.test.KafkaMessages;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SubscriptionTests {

	private static final UUID ID = UUID.randomUUID();

	private final List<String> handled = new ArrayList<>();

	private final Subscription subscription = Subscription.of("group", this.handled::addAll,
			Taken.of(ParcelEvent.class, (received) -> "parcel " + received.message().sequence()),
			Taken.of(CustomsRefused.class, (received) -> "refused"));

	@Test
	void theHandlerGetsWhatItTakesAsItWantsItInOrder() {
		this.subscription.handle(
				Stream
					.of(new ParcelShipped(ID, ID, 1, Instant.EPOCH), new CustomsAsked(ID, ID),
							new CustomsRefused(ID, ID), new ParcelReturned(ID, ID, 2, Instant.EPOCH))
					.map(SubscriptionTests::received)
					.toList());
		assertThat(this.handled).containsExactly("parcel 1", "refused", "parcel 2");
	}

	@Test
	void theHandlerIsNotCalledForNothing() {
		Subscription deaf = Subscription.of("group", CustomsRefused.class, (batch) -> {
			throw new AssertionError(batch);
		});
		deaf.handle(List.of(received(new CustomsAsked(ID, ID))));
		assertThat(deaf.takes(received(new CustomsAsked(ID, ID)))).isFalse();
		assertThat(deaf.takes(received(new CustomsRefused(ID, ID)))).isTrue();
	}

	@Test
	void itsTopicsAreThoseOfItsMessages() {
		assertThat(this.subscription.topics()).containsOnlyKeys(ParcelEvent.TOPIC, CustomsEvent.TOPIC);
		assertThat(this.subscription.deadLetterTopic(ParcelEvent.TOPIC)).isEqualTo("parcel.events.group.dlt");
	}

	@Test
	void readsEveryMessageOfItsTopicsAndNoOther() {
		assertThat(read(CustomsEvent.TOPIC, "customs.asked.v1", new CustomsAsked(ID, null)).message())
			.isEqualTo(new CustomsAsked(ID, null));
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(CustomsEvent.TOPIC, "customs.asked.v2", new CustomsAsked(ID, null)))
			.withMessage("Unknown type customs.asked.v2");
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(ParcelEvent.TOPIC, "customs.asked.v1", new CustomsAsked(ID, null)))
			.withMessage("The type customs.asked.v1 does not belong to this topic");
	}

	@Test
	void nothingIsTakenTwice() {
		assertThatIllegalArgumentException().isThrownBy(() -> Subscription.of("group", (List<Object> batch) -> {
		}, Taken.of(CustomsEvent.class, Received::message), Taken.of(CustomsRefused.class, Received::message)))
			.withMessage("group takes customs.refused.v1 twice");
	}

	private Received<Message> read(String topic, String type, Message message) {
		ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(topic, 0, 0, null, KafkaMessages.json(message));
		KafkaMessages.headers(UUID.randomUUID(), type, ID.toString())
			.forEach((name, value) -> source.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
		return this.subscription.read(source);
	}

	private static Received<Message> received(Message message) {
		return new Received<>(UUID.randomUUID(), message, new MessageContext("correlation", null), Instant.EPOCH);
	}

}
