package dev.sagamart.users.mail;

import com.icegreen.greenmail.store.FolderException;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent.OrderConfirmed;
import dev.sagamart.events.OrderEvent.OrderDelivered;
import dev.sagamart.events.OrderEvent.OrderShipped;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.users.user.EmailAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MailIntegrationTests extends MailTest {

	@Autowired
	private KafkaMessages kafka;

	@Autowired
	private MailLimit limit;

	private final UUID order = UUID.randomUUID();

	private String token = "";

	private UUID ann = this.order;

	@BeforeEach
	void registerSomebody() throws FolderException {
		this.token = confirmedCustomer("ann@example.com");
		this.ann = idOf("ann@example.com");
		this.mailServer.purgeEmailFromAllMailboxes();
	}

	@Test
	void tellsSomebodyAboutTheirOrder(CapturedOutput output) throws Exception {
		call("PUT", "/api/v1/users/me", this.token, Map.of("name", "Änne"));
		call("PUT", "/api/v1/users/me/preferences", this.token,
				Map.of("locale", "de-DE", "currency", "EUR", "marketingEmails", false));
		UUID eventId = this.kafka
			.send(new OrderConfirmed(this.order, this.ann, 1, Instant.now(), new Money(1999, "EUR")));
		awaitStatus("SENT");
		assertThat(this.mailServer.getReceivedMessages()).hasSize(1);
		MimeMessage mail = this.mailServer.getReceivedMessages()[0];
		assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly("ann@example.com");
		assertThat(mail.getFrom()).extracting(Object::toString).containsExactly("no-reply@sagamart.example");
		assertThat(mail.getSubject()).isEqualTo("Your order is confirmed");
		assertThat(mail.getMessageID()).isEqualTo("<" + eventId + "@notifications.sagamart>");
		assertThat(mail.getContent().toString().replace('\u00a0', ' ')).contains("Hello Änne,")
			.contains(this.order.toString())
			.contains("19,99 €");
		assertThat(only().get("sentAt").asString()).isNotBlank();
		assertThat(output.getAll()).doesNotContain("ann@example.com");
	}

	@Test
	void keepsMailsUntilTheAddressIsConfirmed() {
		String address = "bob@example.com";
		String bob = customer(address);
		this.kafka.send(new OrderShipped(this.order, idOf(address), 1, Instant.now().minus(Duration.ofDays(2))));
		this.kafka.send(new OrderDelivered(this.order, idOf(address), 2, Instant.now()));
		Awaitility.await().until(() -> notifications(bob).size() == 2);
		assertThat(notifications(bob).valueStream()).extracting((item) -> item.get("status").asString())
			.containsOnly("PENDING");
		String confirmation = token(address, "confirm-email", 1);
		assertThat(mailsTo(address)).hasSize(1);
		confirm(confirmation);
		Awaitility.await().until(() -> mailsTo(address).size() == 2);
		assertThat(textOf(mailsTo(address).getLast())).contains("was delivered");
		Awaitility.await()
			.untilAsserted(() -> assertThat(notifications(bob).valueStream())
				.extracting((item) -> item.get("kind").asString() + " " + item.get("status").asString())
				.containsExactlyInAnyOrder("ORDER_SHIPPED RECORDED", "ORDER_DELIVERED SENT"));
	}

	@Test
	void waitsForAMailServerThatIsAway(CapturedOutput output) {
		this.mailServer.stop();
		this.kafka.send(new OrderShipped(this.order, this.ann, 1, Instant.now()));
		awaitAttempts(this.ann, 2);
		assertThat(only().get("status").asString()).isEqualTo("PENDING");
		this.mailServer.start();
		awaitStatus("SENT");
		assertThat(this.mailServer.getReceivedMessages()).hasSize(1);
		assertThat(output.getAll()).contains("could not be sent").doesNotContain("ann@example.com");
	}

	@Test
	void givesUpInTheEnd() {
		this.mailServer.stop();
		this.kafka.send(new OrderShipped(this.order, this.ann, 1, Instant.now()));
		letFewAttemptsBeLeft(this.ann);
		awaitStatus("FAILED");
		assertThat(this.jdbc.sql("SELECT attempts FROM notification").query(Integer.class).single()).isEqualTo(100);
		assertThat(only().get("sentAt").isNull()).isTrue();
		this.mailServer.start();
		this.kafka.send(new OrderShipped(UUID.randomUUID(), this.ann, 1, Instant.now()));
		Awaitility.await().until(() -> this.mailServer.getReceivedMessages().length == 1);
	}

	@Test
	void holdsUpNobodyElseForAnAddressThatIsRefused() {
		String address = "somebody@refused.example";
		this.mailServer.setUser("ann@example.com", "of no use");
		this.mailServer.getUserManager().setMessageDeliveryHandler((message, mailAddress) -> {
			if (mailAddress.getEmail().equals(address)) {
				throw new IllegalStateException("Refused");
			}
			return this.mailServer.getUserManager().getUserByEmail(mailAddress.getEmail());
		});
		customer(address);
		confirm(idOf(address));
		this.kafka.send(new OrderShipped(UUID.randomUUID(), idOf(address), 1, Instant.now()));
		this.kafka.send(new OrderShipped(this.order, this.ann, 1, Instant.now()));
		awaitStatus("SENT");
		letFewAttemptsBeLeft(idOf(address));
		awaitFailed(idOf(address));
	}

	@Test
	void holdsUpNobodyElseForDataThatCannotBeRead() {
		customer("bob@example.com");
		UUID bob = idOf("bob@example.com");
		confirm(bob);
		this.jdbc.sql("UPDATE app_user SET name = email WHERE id = ?").param(bob).update();
		this.kafka.send(new OrderShipped(this.order, bob, 1, Instant.now()));
		this.kafka.send(new OrderShipped(this.order, this.ann, 2, Instant.now()));
		awaitStatus("SENT");
		letFewAttemptsBeLeft(bob);
		awaitFailed(bob);
	}

	@Test
	void sendsAgainWhatSomebodyTookAndDied() throws Exception {
		this.mailServer.stop();
		this.kafka.send(new OrderShipped(this.order, this.ann, 1, Instant.now()));
		Awaitility.await().until(() -> !notifications(this.token).isEmpty());
		MailQueue queue = new MailQueue(this.jdbc, "notification");
		Awaitility.await().until(() -> queue.take(10, Duration.ofMinutes(1)).size() == 1);
		assertThat(queue.take(10, Duration.ofMinutes(1))).isEmpty();
		this.mailServer.start();
		this.jdbc.sql("UPDATE notification SET due_at = due_at - interval '1 minute'").update();
		awaitStatus("SENT");
		assertThat(this.mailServer.getReceivedMessages()[0].getMessageID())
			.isEqualTo("<" + only().get("id").asString() + "@notifications.sagamart>");
	}

	@Test
	void sendsNoMoreThanAnHourMayHave() {
		for (int i = 1; i <= 20; i++) {
			this.kafka.send(new OrderShipped(this.order, this.ann, i, Instant.now()));
		}
		Awaitility.await().until(() -> count("SENT") + count("SURPLUS") == 20);
		assertThat(count("SENT")).isEqualTo(14);
		assertThat(mailsTo("ann@example.com")).hasSize(14);
		assertThat(get("/api/v1/users/me/notifications", this.token).json().toString()).contains("\"SURPLUS\"");
		this.jdbc.sql("UPDATE mail_sent SET at = at - interval '1 hour'").update();
		this.limit.removeOld();
		assertThat(this.jdbc.sql("SELECT count(*) FROM mail_sent").query(Integer.class).single()).isZero();
		this.kafka.send(new OrderShipped(this.order, this.ann, 21, Instant.now()));
		Awaitility.await().until(() -> count("SENT") == 15);
	}

	@Test
	void countsAMailOnceHoweverOftenItIsTried() {
		Draft draft = new Draft(EmailAddress.of("bob@example.com").orElseThrow(), Allowance.TOKENS,
				() -> new MailText("", ""));
		UUID first = UUID.randomUUID();
		for (int i = 0; i < 5; i++) {
			assertThat(this.limit.allows(first, draft)).isTrue();
		}
		assertThat(this.limit.allows(UUID.randomUUID(), draft)).isTrue();
		assertThat(this.limit.allows(UUID.randomUUID(), draft)).isTrue();
		assertThat(this.limit.allows(UUID.randomUUID(), draft)).isFalse();
		assertThat(this.limit.allows(UUID.randomUUID(), new Draft(draft.to(), Allowance.WARNINGS, draft.text())))
			.as("of another kind")
			.isTrue();
	}

	@Test
	void sendsNothingToWhomIsErased() {
		this.mailServer.stop();
		this.kafka.send(new OrderShipped(this.order, this.ann, 1, Instant.now()));
		Awaitility.await().until(() -> !notifications(this.token).isEmpty());
		call("DELETE", "/api/v1/users/me", this.token, null);
		customer("bob@example.com");
		UUID bob = idOf("bob@example.com");
		confirm(bob);
		this.kafka.send(new OrderShipped(this.order, bob, 2, Instant.now()));
		// Whatever was on its way to Ann has come to nothing then.
		awaitAttempts(bob, 1);
		this.mailServer.start();
		Awaitility.await()
			.until(() -> mailsTo("bob@example.com").stream()
				.anyMatch((mail) -> textOf(mail).contains("is on its way to you")));
		assertThat(mailsTo("ann@example.com")).isEmpty();
	}

	private int count(String status) {
		return this.jdbc.sql("SELECT count(*) FROM notification WHERE status = ?")
			.param(status)
			.query(Integer.class)
			.single();
	}

	private JsonNode notifications(String session) {
		return get("/api/v1/users/me/notifications", session).json().get("items");
	}

	private JsonNode only() {
		JsonNode items = notifications(this.token);
		assertThat(items).hasSize(1);
		return items.get(0);
	}

	private void awaitAttempts(UUID user, int attempts) {
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT coalesce(max(attempts), 0) FROM notification WHERE user_id = ?")
				.param(user)
				.query(Integer.class)
				.single() >= attempts);
	}

	/** So that a test need not wait for all of them. */
	private void letFewAttemptsBeLeft(UUID user) {
		Awaitility.await()
			.until(() -> this.jdbc.sql("UPDATE notification SET attempts = 98 WHERE user_id = ?")
				.param(user)
				.update() == 1);
	}

	private void awaitFailed(UUID user) {
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT status FROM notification WHERE user_id = ?")
				.param(user)
				.query(String.class)
				.optional()
				.equals(Optional.of("FAILED")));
	}

	private void awaitStatus(String status) {
		Awaitility.await().until(() -> {
			JsonNode items = notifications(this.token);
			return !items.isEmpty() && items.get(0).get("status").asString().equals(status);
		});
	}

	private void confirm(UUID user) {
		this.jdbc.sql("UPDATE app_user SET email_confirmed = true WHERE id = ?").param(user).update();
	}

}
