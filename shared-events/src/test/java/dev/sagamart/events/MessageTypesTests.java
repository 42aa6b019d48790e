package dev.sagamart.events;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageTypesTests {

	@Test
	void namesAreStableWordsWithAVersion() {
		assertThat(MessageTypes.all().keySet()).isNotEmpty()
			.allMatch(Pattern.compile("[a-z]+\\.[a-z-]+\\.v[1-9][0-9]*").asMatchPredicate());
	}

	@Test
	void findsAMessageByItsName() {
		assertThat(MessageTypes.find("payment.captured.v1")).contains(PaymentEvent.PaymentCaptured.class);
		assertThat(MessageTypes.find("payment.captured.v2")).isEmpty();
	}

	@Test
	void everyMessageBelongsToAKnownTopicAndAnAggregate() {
		assertThat(MessageExamples.ALL).allSatisfy((message) -> {
			assertThat(Topics.ALL).contains(MessageTypes.topicOf(message.getClass()));
			assertThat(message.aggregateId()).isNotNull();
		});
	}

	@Test
	void whatIsNoMessageHasNeitherNameNorTopic() {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.nameOf(Message.class));
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.topicOf(Message.class));
	}

	@Test
	void deadLetterTopicsAreNamedByTopicAndGroup() {
		assertThat(Topics.deadLetters(Topics.STOCK_EVENTS, "order-service"))
			.isEqualTo("stock.events.order-service.dlt");
	}

}
