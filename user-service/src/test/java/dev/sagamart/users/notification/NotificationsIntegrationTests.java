package dev.sagamart.users.notification;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent.OrderCancelled;
import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderEvent.OrderDelivered;
import dev.sagamart.events.OrderEvent.OrderPlaced;
import dev.sagamart.events.OrderEvent.OrderRejected;
import dev.sagamart.events.OrderEvent.OrderShipped;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.users.UsersTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Without a mail server. */
class NotificationsIntegrationTests extends UsersTest {

	@Autowired
	private KafkaMessages kafka;

	@Autowired
	private Notifications notifications;

	private final UUID order = UUID.randomUUID();

	@Test
	void recordsWhatHappensToOrders() {
		String token = customer("ann@example.com");
		UUID ann = idOf("ann@example.com");
		Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
		Money total = new Money(1999, "EUR");
		this.kafka.send(new OrderPlaced(this.order, ann, 1, now, List.of(), total));
		this.kafka.send(new OrderConfirmed(this.order, ann, 2, now, total));
		this.kafka.send(new OrderShipped(this.order, ann, 3, now));
		this.kafka.send(new OrderDelivered(this.order, ann, 4, now));
		this.kafka.send(new OrderCancelled(this.order, ann, 5, now));
		handled(new OrderRejected(this.order, ann, 6, now, FailureCode.OUT_OF_STOCK, "none left"));
		JsonNode items = get("/api/v1/users/me/notifications", token).json().get("items");
		assertThat(items.valueStream().map((item) -> item.get("kind").asString())).containsExactlyInAnyOrder(
				"ORDER_CONFIRMED", "ORDER_SHIPPED", "ORDER_DELIVERED", "ORDER_CANCELLED", "ORDER_REJECTED");
		assertThat(items.valueStream()).allSatisfy((item) -> {
			assertThat(item.propertyNames()).containsExactlyInAnyOrder("id", "kind", "orderId", "at", "status",
					"sentAt");
			assertThat(item.get("orderId").asString()).isEqualTo(this.order.toString());
			assertThat(item.get("at").asString()).isEqualTo(now.toString());
			assertThat(item.get("status").asString()).isEqualTo("RECORDED");
			assertThat(item.get("sentAt").isNull()).isTrue();
		});
		assertThat(this.jdbc.sql("SELECT count(due_at) FROM notification").query(Integer.class).single()).isZero();
	}

	@Test
	void showsOnesOwnPageByPage() {
		String ann = customer("ann@example.com");
		String bob = customer("bob@example.com");
		for (int i = 1; i <= 5; i++) {
			handled(new OrderShipped(this.order, idOf("ann@example.com"), i, Instant.now()));
		}
		JsonNode first = get("/api/v1/users/me/notifications?pageSize=3", ann).json();
		assertThat(first.get("items")).hasSize(3);
		JsonNode second = get(
				"/api/v1/users/me/notifications?pageSize=3&pageToken=" + first.get("nextPageToken").asString(), ann)
			.json();
		assertThat(second.get("items")).hasSize(2);
		assertThat(second.get("nextPageToken").isNull()).isTrue();
		assertThat(first.get("items").valueStream().map((item) -> item.get("id").asString()))
			.doesNotContainAnyElementsOf(
					second.get("items").valueStream().map((item) -> item.get("id").asString()).toList());
		assertThat(get("/api/v1/users/me/notifications", bob).json().get("items")).isEmpty();
		assertThat(get("/api/v1/users/me/notifications", null).status()).isEqualTo(401);
		assertThat(get("/api/v1/users/me/notifications?pageToken=garbage", ann).status()).isEqualTo(400);
	}

	@Test
	void notesAnEventOnceHoweverOftenItComes() {
		String token = customer("ann@example.com");
		OrderShipped event = new OrderShipped(this.order, idOf("ann@example.com"), 1, Instant.now());
		UUID eventId = handled(event);
		// As after the inbox has forgotten it.
		this.jdbc.sql("DELETE FROM inbox WHERE event_id = ?").param(eventId).update();
		this.kafka.send(eventId, event);
		awaitHandled(eventId);
		assertThat(get("/api/v1/users/me/notifications", token).json().get("items")).hasSize(1);
	}

	@Test
	void knowsNobodyWhoIsUnknownOrErased() {
		String token = customer("ann@example.com");
		UUID ann = idOf("ann@example.com");
		handled(new OrderShipped(this.order, ann, 1, Instant.now()));
		assertThat(count()).isEqualTo(1);
		call("DELETE", "/api/v1/users/me", token, null);
		assertThat(count()).isZero();
		this.kafka.send(new OrderShipped(this.order, UUID.randomUUID(), 2, Instant.now()));
		handled(new OrderDelivered(this.order, ann, 3, Instant.now()));
		assertThat(count()).isZero();
	}

	@Test
	void removesOldOnes() {
		customer("ann@example.com");
		UUID ann = idOf("ann@example.com");
		handled(new OrderShipped(this.order, ann, 1, Instant.now().minus(Duration.ofDays(91))));
		handled(new OrderDelivered(this.order, ann, 2, Instant.now().minus(Duration.ofDays(89))));
		this.notifications.removeOld();
		assertThat(this.jdbc.sql("SELECT kind FROM notification").query(String.class).list())
			.containsExactly("ORDER_DELIVERED");
	}

	@Test
	void keepsTheLatestThousandOfEachUser() {
		String ann = customer("ann@example.com");
		customer("bob@example.com");
		handled(new OrderShipped(this.order, idOf("bob@example.com"), 1, Instant.now()));
		this.jdbc.sql("INSERT INTO notification (id, user_id, order_id, kind, at, status)"
				+ " SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ?, ?, 'ORDER_SHIPPED', now(),"
				+ " 'RECORDED' FROM generate_series(1, 2500) n")
			.params(idOf("ann@example.com"), this.order)
			.update();
		this.notifications.removeSurplus();
		assertThat(count()).isEqualTo(1001);
		assertThat(this.jdbc.sql("SELECT min(id::text) FROM notification WHERE user_id = ?")
			.param(idOf("ann@example.com"))
			.query(String.class)
			.single()).endsWith("000000001501");
		assertThat(get("/api/v1/users/me/notifications", ann).json().get("items").get(0).get("id").asString())
			.endsWith("000000002500");
	}

	private int count() {
		return this.jdbc.sql("SELECT count(*) FROM notification").query(Integer.class).single();
	}

	private UUID handled(Message event) {
		UUID eventId = this.kafka.send(event);
		awaitHandled(eventId);
		return eventId;
	}

	private void awaitHandled(UUID eventId) {
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT count(*) FROM inbox WHERE event_id = ?")
				.param(eventId)
				.query(Integer.class)
				.single() == 1);
	}

}
