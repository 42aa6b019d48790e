package dev.sagamart.platform.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Topic;
import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Publication;
import dev.sagamart.platform.sample.SampleTest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SampleTest
class AsyncApiDocumentIntegrationTests {

	@Autowired
	RestTestClient client;

	@Autowired
	ExactSchemas exactSchemas;

	@Autowired
	MessagingProperties properties;

	@Topic(value = "parcel.events", partitions = 3)
	sealed interface ParcelEvent extends Message {

		@MessageType("parcel.sent.v1")
		record ParcelSent(UUID parcelId, Instant at, List<Item> items, @Nullable String note) implements ParcelEvent {

			@Override
			public UUID aggregateId() {
				return this.parcelId;
			}

		}

		@MessageType("parcel.lost.v1")
		record ParcelLost(UUID parcelId) implements ParcelEvent {

			@Override
			public UUID aggregateId() {
				return this.parcelId;
			}

		}

	}

	record Item(int quantity) {
	}

	@Topic(value = "place.events", compacted = true)
	@MessageType("place.moved.v1")
	record PlaceMoved(UUID placeId) implements Message {

		@Override
		public UUID aggregateId() {
			return this.placeId;
		}

	}

	/** The library gets its converters when a document is first asked for. */
	@BeforeEach
	void registerConverters() {
		this.client.get().uri("/asyncapi.json").exchange().expectStatus().isOk();
	}

	@Test
	void anyoneMayReadTheDocument() {
		JsonNode document = JsonMapper.shared()
			.readTree(this.client.get()
				.uri("/asyncapi.json")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody(String.class)
				.returnResult()
				.getResponseBody());
		assertThat(document.at("/asyncapi").asString()).isEqualTo("3.0.0");
		assertThat(document.at("/info/title").asString()).isEqualTo("sample-service");
	}

	@Test
	void saysWhatIsSentAndWhatIsReceived() throws IOException {
		JsonNode operations = document().get("operations");
		assertThat(operations.propertyNames()).containsExactly("parcel-service.sends.parcel.events",
				"readers.receives.parcel.events", "readers.receives.place.events");
		JsonNode sends = operations.get("parcel-service.sends.parcel.events");
		assertThat(sends.get("action").asString()).isEqualTo("send");
		assertThat(sends.get("messages").findValuesAsString("$ref")).containsExactly(
				"#/channels/parcel.events/messages/parcel.lost.v1", "#/channels/parcel.events/messages/parcel.sent.v1");
		JsonNode receives = operations.get("readers.receives.parcel.events");
		assertThat(receives.get("action").asString()).isEqualTo("receive");
		assertThat(receives.at("/channel/$ref").asString()).isEqualTo("#/channels/parcel.events");
		assertThat(receives.get("messages")).hasSize(1);
		assertThat(receives.at("/bindings/kafka/groupId/const").asString()).isEqualTo("readers");
	}

	@Test
	void channelsAreTopics() throws IOException {
		JsonNode channels = document().get("channels");
		JsonNode parcels = channels.at("/parcel.events/bindings/kafka");
		assertThat(parcels.get("partitions").asInt()).isEqualTo(3);
		assertThat(parcels.at("/topicConfiguration/cleanup.policy/0").asString()).isEqualTo("delete");
		assertThat(parcels.at("/topicConfiguration/retention.ms").asLong())
			.isEqualTo(this.properties.topicRetention().toMillis());
		JsonNode places = channels.at("/place.events/bindings/kafka");
		assertThat(places.get("partitions").asInt()).isEqualTo(this.properties.partitions());
		assertThat(places.at("/topicConfiguration/cleanup.policy/0").asString()).isEqualTo("compact");
	}

	@Test
	void messagesLookAsTheyAreWritten() throws IOException {
		JsonNode document = document();
		JsonNode message = document.at("/components/messages/parcel.sent.v1");
		JsonNode payload = document.at(message.at("/payload/$ref").asString().substring(1));
		assertThat(payload.get("required").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder("parcelId",
				"at", "items", "note");
		assertThat(payload.at("/properties/parcelId/format").asString()).isEqualTo("uuid");
		assertThat(payload.at("/properties/at/format").asString()).isEqualTo("date-time");
		assertThat(payload.at("/properties/note/type").toString()).contains("null");
		assertThat(document.at(payload.at("/properties/items/items/$ref").asString().substring(1))
			.at("/properties/quantity/type")
			.asString()).isEqualTo("integer");
		JsonNode trait = document.at(message.at("/traits/0/$ref").asString().substring(1));
		assertThat(trait.at("/headers/required").valueStream().map(JsonNode::asString)).contains("ce_id", "ce_type");
	}

	private JsonNode document() throws IOException {
		AsyncApiDocument document = new AsyncApiDocument("parcel-service",
				List.of(new Publication(Set.of(ParcelEvent.class))), List.of(Subscription.of("readers", (batch) -> {
				}, Subscription.Taken.of(ParcelEvent.ParcelSent.class, (received) -> received),
						Subscription.Taken.of(PlaceMoved.class, (received) -> received))),
				this.properties, this.exactSchemas);
		return JsonMapper.shared().readTree(document.read());
	}

}
