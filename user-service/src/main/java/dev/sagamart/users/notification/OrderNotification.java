package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notification.Status;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of an order of which the user is notified once. It holds ids and no personal
 * data.
 */
@Entity
@Table(name = "notification")
public class OrderNotification {

	/** The id of the event, so that an event leads to one notification. */
	@Id
	private UUID id;

	@Enumerated(EnumType.STRING)
	private Kind kind;

	private UUID userId;

	private UUID orderId;

	@Embedded
	private @Nullable Money total;

	private Instant at;

	@Enumerated(EnumType.STRING)
	@SuppressWarnings("UnusedVariable")
	private Status status = Status.PENDING;

	@SuppressWarnings("UnusedVariable")
	private @Nullable Instant sentAt;

	OrderNotification() {
	}

	/**
	 * A new one.
	 * @param total of the order, if the notification shows it
	 */
	public OrderNotification(UUID id, Kind kind, UUID userId, UUID orderId, @Nullable Money total, Instant at) {
		this.id = id;
		this.kind = kind;
		this.userId = userId;
		this.orderId = orderId;
		this.total = total;
		this.at = at;
	}

	UUID id() {
		return this.id;
	}

	Kind kind() {
		return this.kind;
	}

	UUID userId() {
		return this.userId;
	}

	UUID orderId() {
		return this.orderId;
	}

	@Nullable Money total() {
		return this.total;
	}

	Instant at() {
		return this.at;
	}

}
