package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageType;
import dev.sagamart.platform.messages.Personal;
import dev.sagamart.platform.messages.Topic;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What happens to the aggregates of these tests. */
@Topic(ParcelEvent.TOPIC)
public sealed interface ParcelEvent extends Message {

	String TOPIC = "parcel.events";

	UUID parcelId();

	int sequence();

	@Override
	default UUID aggregateId() {
		return parcelId();
	}

	enum Reason {

		TOO_HEAVY, TOO_LARGE

	}

	record Weight(long amount, String unit) {

		public Weight {
			if (!unit.equals("g") && !unit.equals("kg")) {
				throw new IllegalArgumentException("Not a unit: " + unit);
			}
		}

	}

	record Item(UUID itemId, int quantity, Weight weight) {
	}

	@MessageType("parcel.packed.v1")
	record ParcelPacked(UUID parcelId, UUID ownerId, int sequence, Instant at, List<Item> items,
			Weight total) implements ParcelEvent {
	}

	@MessageType("parcel.refused.v1")
	record ParcelRefused(UUID parcelId, UUID ownerId, int sequence, Instant at, Reason reason,
			@Personal String message) implements ParcelEvent {
	}

	@MessageType("parcel.shipped.v1")
	record ParcelShipped(UUID parcelId, UUID ownerId, int sequence, Instant at) implements ParcelEvent {
	}

	@MessageType("parcel.returned.v1")
	record ParcelReturned(UUID parcelId, UUID ownerId, int sequence, Instant at) implements ParcelEvent {
	}

}
