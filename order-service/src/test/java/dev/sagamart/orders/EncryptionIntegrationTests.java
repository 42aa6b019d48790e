package dev.sagamart.orders;

import dev.sagamart.events.Money;
import dev.sagamart.events.PaymentEvent.PaymentCaptured;
import dev.sagamart.events.ProductEvent.ProductChanged;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.test.KafkaMessages;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/** What a dump of the schema tells of addresses, and what becomes of their keys. */
class EncryptionIntegrationTests extends OrderServiceTest {

	@Autowired
	private ScheduledAnnotationBeanPostProcessor jobs;

	private final String street = "Kanarienvogelgasse " + UUID.randomUUID();

	@Test
	void aDumpHasNoAddress() {
		UUID order = UUID.fromString(placeInStreet(UUID.randomUUID().toString()).expect(201).text("id"));
		captured(authorised(reserved(order)));
		this.kafka.sendRaw(Topics.PAYMENT_EVENTS, order.toString(),
				("{\"note\": \"" + this.street + "\"}").getBytes(StandardCharsets.UTF_8),
				KafkaMessages.headers(UUID.randomUUID(), MessageTypes.nameOf(PaymentCaptured.class), order.toString()));
		Awaitility.await()
			.until(() -> countOf("dead_letter WHERE encrypted_payload IS NOT NULL AND convert_from(msg_key, 'UTF8') = '"
					+ order + "'") == 1);
		Awaitility.await().until(() -> countOf("outbox") == 0);
		assertThat(tablesWithStreet()).isEmpty();
		assertThat(getAsAdmin("/api/v1/operations/order/dead-letters").at("items.0.payload").asString())
			.contains(this.street);
		assertThat(get("/api/v1/orders/" + order).text("shippingAddress.line1")).isEqualTo(this.street);
		plainAsBefore(order);
		assertThat(tablesWithStreet()).as("what is there is found").containsExactly("orders");
	}

	@Test
	void aRecordedAnswerIsGivenAgain() {
		String key = UUID.randomUUID().toString();
		Answer first = placeInStreet(key).expect(201);
		assertThat(tablesWithStreet()).isEmpty();
		Answer again = placeInStreet(key).expect(201);
		assertThat(again.headers().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(again.json()).isEqualTo(first.json());
	}

	@Test
	void anAddressFromBeforeIsReadAndEncryptedInTheBackground() {
		UUID order = UUID.fromString(placeInStreet(UUID.randomUUID().toString()).expect(201).text("id"));
		Answer before = get("/api/v1/orders/" + order).expect(200);
		plainAsBefore(order);
		assertThat(get("/api/v1/orders/" + order).json()).isEqualTo(before.json());
		letPass("2 hours");
		runRotation();
		assertThat(tablesWithStreet()).isEmpty();
		assertThat(get("/api/v1/orders/" + order).json()).isEqualTo(before.json());
		captured(authorised(reserved(order)));
	}

	@Test
	void anAddressOutlivesItsDataKey() {
		UUID order = UUID.fromString(placeInStreet(UUID.randomUUID().toString()).expect(201).text("id"));
		byte[] first = encryptedAddress(order);
		letPass("90 days");
		runRotation();
		assertThat(encryptedAddress(order)).isEqualTo(first);
		assertThat(get("/api/v1/orders/" + order).text("shippingAddress.line1")).isEqualTo(this.street);
		letPass("2 hours");
		runRotation();
		assertThat(HexFormat.of().formatHex(encryptedAddress(order), 0, 4)).as("the name of the key")
			.isNotEqualTo(HexFormat.of().formatHex(first, 0, 4));
		assertThat(get("/api/v1/orders/" + order).text("shippingAddress.line1")).isEqualTo(this.street);
	}

	private Answer placeInStreet(String key) {
		UUID product = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
		this.kafka.send(new ProductChanged(product, "SKU-" + product, "A book", new Money(1999, "EUR"), 1));
		awaitListed(product, 1);
		return place(Map.of(
				"items", List.of(item(product, 2)), "shippingAddress", Map.of("recipient", "Ada Lovelace", "line1",
						this.street, "city", "Berlin", "postalCode", "10115", "country", "DE"),
				"paymentMethod", "pm_card_visa"), key);
	}

	private void plainAsBefore(UUID order) {
		this.jdbc.sql(
				"UPDATE orders SET country = NULL, encrypted_address = NULL, shipping_address = jsonb_build_object('recipient',"
						+ " 'Ada Lovelace', 'line1', ?, 'line2', NULL, 'city', 'Berlin', 'postalCode', '10115',"
						+ " 'country', 'DE') WHERE id = ?")
			.params(this.street, order)
			.update();
	}

	private byte[] encryptedAddress(UUID order) {
		return this.jdbc.sql("SELECT encrypted_address FROM orders WHERE id = ?")
			.param(order)
			.query(byte[].class)
			.single();
	}

	/** As if the data keys were so much older, and had encrypted nothing anew yet. */
	private void letPass(String interval) {
		this.jdbc.sql("UPDATE encryption_key SET created_at = created_at - ?::interval, encrypted = '{}'")
			.param(interval)
			.update();
	}

	private void runRotation() {
		this.jobs.getScheduledTasks()
			.stream()
			.map((scheduled) -> scheduled.getTask())
			.filter((task) -> task.toString().contains("DataKeyRotation.run"))
			.findFirst()
			.orElseThrow()
			.getRunnable()
			.run();
	}

	private int countOf(String rows) {
		return this.jdbc.sql("SELECT count(*) FROM " + rows).query(Integer.class).single();
	}

	private List<String> tablesWithStreet() {
		String hex = HexFormat.of().formatHex(this.street.getBytes(StandardCharsets.UTF_8));
		return this.jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'orders'")
			.query(String.class)
			.list()
			.stream()
			.filter((table) -> countOf(
					table + " t WHERE t::text LIKE '%" + this.street + "%' OR t::text LIKE '%" + hex + "%'") > 0)
			.toList();
	}

}
