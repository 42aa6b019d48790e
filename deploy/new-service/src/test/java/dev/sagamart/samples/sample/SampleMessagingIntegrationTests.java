package dev.sagamart.samples.sample;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.samples.SamplesTest;
import dev.sagamart.samples.sample.SampleEvent.SampleRemoved;
import dev.sagamart.samples.sample.SampleEvent.SampleWritten;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SampleMessagingIntegrationTests extends SamplesTest {

	@Test
	void tellsWhatWasWritten() {
		UUID id = written("News");
		assertThat(this.messages.await(SampleWritten.class, id)).isEqualTo(new SampleWritten(id, this.owner, "News"));
	}

	@Test
	void forgetsUsersWhoAreNoMore() {
		UUID id = written("Personal");
		UUID event = UUID.randomUUID();
		this.messages.send(event, new UserErased(this.owner));
		this.messages.send(event, new UserErased(this.owner));
		assertThat(this.messages.await(SampleRemoved.class, id)).isEqualTo(new SampleRemoved(id, this.owner));
		await().untilAsserted(() -> get("/api/v1/samples/" + id, this.tokens.customer(this.owner)).expectStatus()
			.isNotFound());
		assertThat(this.messages.received(SampleEvent.class, id)).hasSize(2);
	}

	/** What went over the wire yesterday: a change of this is a new version. */
	@Test
	void messagesKeepTheirForm() {
		UUID id = UUID.fromString("0199f0a0-0000-7000-8000-000000000001");
		assertThat(new String(KafkaMessages.json(new SampleWritten(id, id, "News")), StandardCharsets.UTF_8))
			.isEqualTo("{\"sampleId\":\"%1$s\",\"ownerId\":\"%1$s\",\"text\":\"News\"}".formatted(id));
		assertThat(new String(KafkaMessages.json(new SampleRemoved(id, id)), StandardCharsets.UTF_8))
			.isEqualTo("{\"sampleId\":\"%1$s\",\"ownerId\":\"%1$s\"}".formatted(id));
	}

}
