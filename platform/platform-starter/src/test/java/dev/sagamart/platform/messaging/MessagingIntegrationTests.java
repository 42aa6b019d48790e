package dev.sagamart.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.messaging.CustomsEvent.CustomsRefused;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelRefused;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelReturned;
import dev.sagamart.platform.messaging.deadletter.DeadLetter;
import dev.sagamart.platform.messaging.deadletter.DeadLetter.Filter;
import dev.sagamart.platform.messaging.deadletter.DeadLetters;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.sample.TakenConnections;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.KafkaMessages.ReceivedMessage;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.IllegalTransactionStateException;

/** The whole way: outbox, relay, Kafka, consumer, inbox, handler, dead letters. */
@ParcelServiceTest
class MessagingIntegrationTests {

	@Autowired
	Aggregates aggregates;

	@Autowired
	Journal journal;

	@Autowired
	Outbox outbox;

	@Autowired
	DeadLetters deadLetters;

	@Autowired
	KafkaMessages kafka;

	@Autowired
	JdbcTemplate jdbc;

	@Autowired
	HikariDataSource pool;

	@Autowired
	MeterRegistry meters;

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@Autowired
	ConfigurableApplicationContext context;

	@BeforeEach
	void waitForTheConsumers() {
		UUID first = UUID.randomUUID();
		this.aggregates.change(first, 1);
		awaitJournal(first, 1);
	}

	@Test
	void whatCommitsIsHandledOnceAndInOrder() {
		List<UUID> ids = Stream.generate(UUID::randomUUID).limit(20).toList();
		for (int i = 0; i < 25; i++) {
			this.aggregates.changeAll(ids);
		}
		ids.forEach((id) -> awaitJournal(id, 25));
		// The consumer may be faster than the relay, which deletes what Kafka has.
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.jdbc.queryForObject("select count(*) from outbox", Long.class)).isZero());
	}

	/** Afterwards the web server has another port. */
	@Test
	@DirtiesContext
	void goesOnAfterTheContextWasStoppedAndStarted() {
		this.context.stop();
		UUID id = UUID.randomUUID();
		this.aggregates.change(id, 3);
		this.context.start();
		awaitJournal(id, 3);
	}

	@Test
	void itsClientsAreThoseOfSpringBoot() {
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.meters.get("kafka.producer.record.send.total").functionCounter().count())
						.isPositive());
		assertThat(this.meters.get("kafka.consumer.fetch.manager.records.consumed.total").functionCounters())
			.as("of two consumers for each of two subscriptions")
			.extracting((counter) -> counter.getId().getTag("client.id"))
			.contains("journal-service-0", "journal-service-1", "answers-service-0", "answers-service-1");
	}

	@Test
	void theMessageOnTheTopicIsACloudEvent() {
		UUID id = UUID.randomUUID();
		this.aggregates.change(id, 1);
		ReceivedMessage heard = this.kafka.await((one) -> id.toString().equals(one.key()));
		assertThat(heard.topic()).isEqualTo(ParcelEvent.TOPIC);
		assertThat(heard.as(ParcelEvent.class)).contains(Aggregates.shipped(id, 1));
		assertThat(heard.headers()).containsEntry("ce_specversion", "1.0")
			.containsEntry("ce_type", "parcel.shipped.v1")
			.containsEntry("ce_source", "parcel-service")
			.containsEntry("ce_subject", id.toString())
			.containsEntry("content-type", "application/json")
			.containsKeys("ce_id", "ce_time", "correlationId");
		assertThat(heard.text()).contains("\"at\":\"1970-01-01T00:00:00Z\"");
	}

	@Test
	void nothingIsAppendedWithoutATransaction() {
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> this.outbox.append(Aggregates.shipped(UUID.randomUUID(), 1)));
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> this.outbox.appendAll(List.of()));
	}

	@Test
	void aPoisonRecordInTheMiddleOfABatchIsParkedAndTheRestIsHandled() {
		UUID id = UUID.randomUUID();
		UUID poison = UUID.randomUUID();
		this.kafka.send(Aggregates.shipped(id, 1));
		this.kafka.sendRaw(ParcelEvent.TOPIC, id.toString(), "{\"orderId\":\u0000".getBytes(StandardCharsets.UTF_8),
				KafkaMessages.headers(poison, "parcel.shipped.v1", id.toString()));
		this.kafka.send(Aggregates.shipped(id, 2));
		awaitJournal(id, 2);
		DeadLetter parked = awaitDeadLetter(id);
		assertThat(parked.eventId()).isEqualTo(poison);
		assertThat(parked.consumer()).isEqualTo(MessagingApplication.GROUP);
		assertThat(parked.topic()).isEqualTo(ParcelEvent.TOPIC);
		assertThat(parked.type()).isEqualTo("parcel.shipped.v1");
		assertThat(parked.payload()).isEqualTo("{\"orderId\":\ufffd");
		assertThat(parked.cause()).contains("The payload cannot be read");
		ReceivedMessage copy = this.kafka
			.await((one) -> one.topic().equals(ParcelEvent.TOPIC + "." + MessagingApplication.GROUP + ".dlt")
					&& id.toString().equals(one.key()));
		assertThat(copy.text()).isEqualTo("{\"orderId\":\u0000");
		assertThat(copy.headers()).containsEntry("ce_id", poison.toString())
			.containsEntry("dlt_topic", ParcelEvent.TOPIC)
			.containsEntry("dlt_offset", String.valueOf(parked.offset()));
	}

	@Test
	void whatIsNoMessageWeKnowIsParkedWithItsCause() {
		Map<UUID, String> causes = new HashMap<>();
		byte[] good = KafkaMessages.json(Aggregates.shipped(UUID.randomUUID(), 1));
		causes.put(send("parcel.exploded.v1", good, Map.of()), "Unknown type parcel.exploded.v1");
		causes.put(send("parcel.shipped.v2", good, Map.of()), "Unknown type parcel.shipped.v2");
		causes.put(send("customs.refused.v1", good, Map.of()), "Unknown type customs.refused.v1");
		causes.put(send("parcel.shipped.v1", good, Map.of("ce_specversion", "2.0")), "ce_specversion is not 1.0");
		causes.put(send("parcel.shipped.v1", good, Map.of("ce_id", "1-1-1-1-1")), "ce_id is missing or not a UUID");
		causes.put(send("parcel.shipped.v1", null, Map.of()), "There is no payload");
		causes.put(send("parcel.shipped.v1", "null".getBytes(StandardCharsets.UTF_8), Map.of()), "The payload is null");
		causes.put(send("parcel.shipped.v1", "{}".getBytes(StandardCharsets.UTF_8), Map.of()), "cannot be read");
		causes.put(send("parcel.shipped.v1", "{\"sequence\":1}".getBytes(StandardCharsets.UTF_8), Map.of()),
				"has no parcelId");
		UUID withoutHeaders = UUID.randomUUID();
		this.kafka.sendRaw(ParcelEvent.TOPIC, withoutHeaders.toString(), new byte[] { 0, (byte) 0xff }, Map.of());
		causes.put(withoutHeaders, "ce_id is missing");
		this.kafka.sendRaw(ParcelEvent.TOPIC, null, null, Map.of("ce_type", "a\u0000b"));
		causes.forEach((id, cause) -> assertThat(awaitDeadLetter(id).cause()).contains(cause));
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.deadLetters.list(Filter.ALL, false, 100, null)).extracting(DeadLetter::type)
						.contains("a\ufffdb"));
	}

	@Test
	void aDeadLetterIsEncryptedAndShownWithoutWhatIsPersonal() {
		UUID bad = UUID.randomUUID();
		UUID plain = UUID.randomUUID();
		this.journal.failOn(bad, () -> new IllegalStateException("No"));
		this.journal.failOn(plain, () -> new IllegalStateException("No"));
		String secret = "Ann of " + bad;
		this.kafka.send(UUID.randomUUID(),
				new ParcelRefused(bad, Aggregates.USER, 1, Instant.EPOCH, ParcelEvent.Reason.TOO_HEAVY, secret));
		this.kafka.send(UUID.randomUUID(), Aggregates.shipped(plain, 1));
		DeadLetter parked = awaitDeadLetter(bad);
		assertThat(parked.payload()).contains("TOO_HEAVY", "\"message\":\"***\"").doesNotContain(secret);
		assertThat(
				this.jdbc.queryForObject("select d::text from dead_letter d where id = ?", String.class, parked.id()))
			.doesNotContain(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)))
			.doesNotContain(HexFormat.of().formatHex("TOO_HEAVY".getBytes(StandardCharsets.UTF_8)));
		this.journal.heal(bad);
		assertThat(this.deadLetters.replay(parked.id())).isEqualTo(DeadLetters.Replay.HANDLED);
		assertThat(this.journal.of(bad)).containsExactly(1);
		DeadLetter old = awaitDeadLetter(plain);
		this.jdbc.update(
				"update dead_letter set payload = convert_to(?, 'UTF8'), encrypted_payload = null where id = ?",
				old.payload(), old.id());
		assertThat(awaitDeadLetter(plain)).as("as a version before stored it").isEqualTo(old);
		this.journal.heal(plain);
		assertThat(this.deadLetters.replay(old.id())).isEqualTo(DeadLetters.Replay.HANDLED);
	}

	@Test
	void aMessageThatFailsForGoodIsParkedAndTheRestOfItsBatchIsHandled() {
		UUID bad = UUID.randomUUID();
		List<UUID> good = Stream.generate(UUID::randomUUID).limit(30).toList();
		this.journal.failOn(bad, () -> new IllegalStateException("This order is beyond me"));
		List<UUID> all = new ArrayList<>(good);
		all.add(15, bad);
		this.aggregates.changeAll(all);
		this.aggregates.changeAll(good);
		good.forEach((id) -> awaitJournal(id, 2));
		DeadLetter parked = awaitDeadLetter(bad);
		assertThat(parked.cause()).isEqualTo("IllegalStateException: This order is beyond me");
		assertThat(this.journal.of(bad)).isEmpty();

		assertThat(this.deadLetters.replay(parked.id())).isEqualTo(DeadLetters.Replay.FAILED);
		this.journal.failOn(bad, () -> new IllegalArgumentException("Still"));
		assertThat(this.deadLetters.replay(parked.id())).isEqualTo(DeadLetters.Replay.FAILED);
		assertThat(awaitDeadLetter(bad).cause()).isEqualTo("IllegalArgumentException: Still");
		this.journal.failOn(bad, () -> new TransientDataAccessResourceException("Not now"));
		assertThatExceptionOfType(TransientDataAccessResourceException.class)
			.isThrownBy(() -> this.deadLetters.replay(parked.id()));
		this.journal.heal(bad);
		assertThat(this.deadLetters.replay(parked.id())).isEqualTo(DeadLetters.Replay.HANDLED);
		assertThat(this.journal.of(bad)).containsExactly(1);
		assertThat(this.deadLetters.replay(parked.id())).isEqualTo(DeadLetters.Replay.NOT_FOUND);
		assertThat(this.journal.of(bad)).containsExactly(1);
	}

	@Test
	void errorsOfAHandlerParkTooAndDoNotEndTheConsumer() {
		UUID bad = UUID.randomUUID();
		UUID good = UUID.randomUUID();
		this.journal.failOn(bad, StackOverflowError::new);
		this.aggregates.changeAll(List.of(bad, good));
		awaitJournal(good, 1);
		assertThat(awaitDeadLetter(bad).cause()).isEqualTo("StackOverflowError");
	}

	@Test
	void aTransientFailureIsRetriedUntilItPassesAndKeepsTheOrder() {
		UUID id = UUID.randomUUID();
		AtomicInteger attempts = new AtomicInteger();
		this.journal.failOn(id, () -> (attempts.incrementAndGet() < 6)
				? new TransientDataAccessResourceException("The provider is away") : null);
		double before = this.meters.get("sagamart.consumer.retries")
			.tag("group", MessagingApplication.GROUP)
			.counter()
			.count();
		this.aggregates.change(id, 5);
		awaitJournal(id, 5);
		assertThat(attempts).hasValueGreaterThanOrEqualTo(6);
		assertThat(
				this.meters.get("sagamart.consumer.retries").tag("group", MessagingApplication.GROUP).counter().count()
						- before)
			.isEqualTo(5);
		assertThat(this.deadLetters.list(Filter.ALL, false, 100, null))
			.noneMatch((one) -> id.toString().equals(one.key()));
	}

	@Test
	void aBatchThatEndsHalfwayIsTakenUpWhereItEnded() {
		UUID bad = UUID.randomUUID();
		UUID later = UUID.randomUUID();
		UUID good = UUID.randomUUID();
		AtomicInteger attempts = new AtomicInteger();
		this.journal.failOn(bad, () -> new IllegalStateException("No"));
		this.journal.failOn(later, () -> (attempts.incrementAndGet() < 4)
				? new TransientDataAccessResourceException("The provider is away") : null);
		this.aggregates.changeAll(List.of(good, bad, good, later, good));
		awaitJournal(good, 3);
		awaitJournal(later, 1);
		assertThat(awaitDeadLetter(bad).cause()).contains("No");
	}

	@Test
	void duplicatesHaveNoEffectInWhateverOrderTheyCome() {
		UUID id = UUID.randomUUID();
		List<UUID> events = Stream.generate(UUID::randomUUID).limit(10).toList();
		for (int i = 0; i < 10; i++) {
			this.kafka.send(events.get(i), Aggregates.shipped(id, i + 1));
		}
		for (int i = 9; i >= 0; i--) {
			this.kafka.send(events.get(i), Aggregates.shipped(id, i + 1));
			this.kafka.send(events.get(i), Aggregates.shipped(id, i + 1));
		}
		UUID last = UUID.randomUUID();
		this.kafka.send(Aggregates.shipped(id, 11));
		this.aggregates.change(last, 1);
		awaitJournal(id, 11);
		awaitJournal(last, 1);
		assertThat(this.journal.of(id)).isEqualTo(Aggregates.sequences(11));
	}

	@Test
	void reversedDeliveryIsHandedOnAsItCameAndOnce() {
		UUID id = UUID.randomUUID();
		List<UUID> events = Stream.generate(UUID::randomUUID).limit(5).toList();
		for (int round = 0; round < 3; round++) {
			for (int i = 4; i >= 0; i--) {
				this.kafka.send(events.get(i), Aggregates.shipped(id, i + 1));
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.journal.of(id)).containsExactly(5, 4, 3, 2, 1));
	}

	@Test
	void aDuplicateOfADeadLetterIsNotHandledBehindItsBack() {
		UUID id = UUID.randomUUID();
		UUID event = UUID.randomUUID();
		this.journal.failOn(id, () -> new IllegalStateException("No"));
		this.kafka.send(event, Aggregates.shipped(id, 1));
		DeadLetter parked = awaitDeadLetter(id);
		this.journal.heal(id);
		this.kafka.send(event, Aggregates.shipped(id, 1));
		this.kafka.send(Aggregates.shipped(id, 2));
		Awaitility.await().untilAsserted(() -> assertThat(this.journal.of(id)).containsExactly(2));
		assertThat(this.deadLetters.discard(parked.id(), null)).isTrue();
		assertThat(this.deadLetters.discard(parked.id(), null)).isFalse();
		assertThat(this.journal.of(id)).containsExactly(2);
	}

	@Test
	void aSingleMessageIsHandledInItsContext() {
		UUID id = UUID.randomUUID();
		this.kafka.send(UUID.randomUUID(), Aggregates.shipped(id, 1), Map.of("correlationId", "the-beginning"));
		awaitJournal(id, 1);
		assertThat(this.journal.correlationIds()).contains("the-beginning");
	}

	@Test
	void anAnswerGoesOnWithTheContextOfItsCause() {
		UUID id = UUID.randomUUID();
		UUID event = UUID.randomUUID();
		for (int i = 0; i < 3; i++) {
			this.kafka.send(event, new CustomsRefused(id, id), Map.of("correlationId", "the-cause", "traceparent",
					"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
		}
		ReceivedMessage answer = this.kafka
			.await((one) -> one.as(ParcelReturned.class).isPresent() && id.toString().equals(one.key()));
		assertThat(answer.headers()).containsEntry("correlationId", "the-cause");
		assertThat(answer.headers().get("traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c-")
			.doesNotContain("b7ad6b7169203331");
		UUID last = UUID.randomUUID();
		this.kafka.send(new CustomsRefused(last, last));
		this.kafka.await(ParcelReturned.class, last);
		assertThat(this.kafka.received(ParcelReturned.class, id)).hasSize(1);
	}

	@Test
	void topicsAreCreatedAsTheDesignSays() throws Exception {
		try (Admin admin = TestServers.kafka().admin()) {
			var topics = admin.describeTopics(List.of(ParcelEvent.TOPIC, CustomsEvent.TOPIC)).allTopicNames().get();
			assertThat(topics.get(ParcelEvent.TOPIC).partitions()).hasSize(12);
			assertThat(topics.get(CustomsEvent.TOPIC).partitions()).hasSize(3);
			ConfigResource customs = new ConfigResource(Type.TOPIC, CustomsEvent.TOPIC);
			ConfigResource parcels = new ConfigResource(Type.TOPIC, ParcelEvent.TOPIC);
			var configs = admin.describeConfigs(Set.of(customs, parcels)).all().get();
			assertThat(configs.get(customs).get("cleanup.policy").value()).isEqualTo("compact");
			assertThat(configs.get(parcels).get("cleanup.policy").value()).isEqualTo("delete");
			assertThat(configs.get(parcels).get("retention.ms").value()).isEqualTo(millis(Duration.ofDays(7)));
			assertThat(configs.values())
				.allSatisfy((all) -> assertThat(all.get("segment.ms").value()).isEqualTo(millis(Duration.ofDays(1))));
			assertThat(admin.listTopics().names().get()).contains("parcel.events.journal-service.dlt");
		}
	}

	private static String millis(Duration duration) {
		return String.valueOf(duration.toMillis());
	}

	@Test
	void operatorsSeeReplayAndDiscardDeadLetters() {
		UUID id = UUID.randomUUID();
		this.journal.failOn(id, () -> new IllegalStateException("No"));
		this.kafka.send(Aggregates.shipped(id, 1));
		this.kafka.send(Aggregates.shipped(id, 2));
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.deadLetters.list(Filter.ALL, false, 100, null))
				.filteredOn((one) -> id.toString().equals(one.key()))
				.hasSize(2));
		List<DeadLetter> parked = this.deadLetters.list(Filter.ALL, false, 100, null)
			.stream()
			.filter((one) -> id.toString().equals(one.key()))
			.toList();
		String path = "/api/v1/operations/parcel/dead-letters";
		String admin = this.tokens.admin(UUID.randomUUID());
		status(HttpMethod.GET, path, this.tokens.customer(UUID.randomUUID()), 403);
		status(HttpMethod.POST, path + "/" + parked.getFirst().id() + "/replay",
				this.tokens.customer(UUID.randomUUID()), 403);
		status(HttpMethod.DELETE, path + "/" + parked.getFirst().id(), this.tokens.customer(UUID.randomUUID()), 403);
		String page = this.client.get()
			.uri(path + "?pageSize=1")
			.headers((headers) -> headers.setBearerAuth(admin))
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(String.class)
			.getResponseBody();
		assertThat(page).contains(parked.getFirst().id().toString(), "IllegalStateException: No", "nextPageToken")
			.doesNotContain(parked.getLast().id().toString());
		String token = page.replaceAll("(?s).*\"nextPageToken\":\"([^\"]+)\".*", "$1");
		assertThat(this.client.get()
			.uri(path + "?pageSize=1&pageToken=" + token)
			.headers((headers) -> headers.setBearerAuth(admin))
			.exchange()
			.returnResult(String.class)
			.getResponseBody()).contains(parked.getLast().id().toString());
		status(HttpMethod.POST, path + "/" + parked.getLast().id() + "/replay", admin, 409);
		this.journal.heal(id);
		status(HttpMethod.POST, path + "/" + parked.getLast().id() + "/replay", admin, 204);
		status(HttpMethod.POST, path + "/" + parked.getLast().id() + "/replay", admin, 404);
		status(HttpMethod.DELETE, path + "/" + parked.getFirst().id(), admin, 204);
		status(HttpMethod.DELETE, path + "/" + parked.getFirst().id(), admin, 404);
		assertThat(this.journal.of(id)).containsExactly(1);
	}

	@Test
	void figuresAreThere() {
		UUID id = UUID.randomUUID();
		this.aggregates.change(id, 1);
		Awaitility.await().untilAsserted(() -> assertThat(this.journal.of(id)).containsExactly(1));
		assertThat(this.meters.get("sagamart.outbox.leader").gauge().value()).isOne();
		assertThat(this.meters.get("sagamart.outbox.sent").functionCounter().count()).isPositive();
		String group = MessagingApplication.GROUP;
		assertThat(this.meters.get("sagamart.consumer.batch.size").tag("group", group).summary().count()).isPositive();
		Awaitility.await()
			.until(() -> this.meters.get("sagamart.consumer.batch.duration")
				.tag("group", group)
				.timer()
				.totalTime(TimeUnit.NANOSECONDS) > 0);
		assertThat(this.meters.get("sagamart.outbox.rows").gauge().value()).isNotNegative();
	}

	@Test
	void figuresAreMeasuredWithTheLastConnectionOfThePool() throws SQLException {
		Awaitility.await("a figure of now")
			.untilAsserted(() -> assertThat(deadLetterGauge())
				.isEqualTo(this.deadLetters.list(Filter.ALL, false, Integer.MAX_VALUE, null).size()));
		double before = deadLetterGauge();
		try (var _ = TakenConnections.allBut(1, this.pool)) {
			send("parcel.exploded.v1", new byte[0], Map.of());
			Awaitility.await().untilAsserted(() -> assertThat(deadLetterGauge()).isGreaterThan(before));
		}
	}

	private double deadLetterGauge() {
		return this.meters.get("sagamart.dead.letters").gauge().value();
	}

	private void status(HttpMethod method, String path, String token, int status) {
		this.client.method(method)
			.uri(path)
			.headers((headers) -> headers.setBearerAuth(token))
			.exchange()
			.expectStatus()
			.isEqualTo(status);
	}

	private UUID send(String type, byte[] payload, Map<String, String> headers) {
		UUID key = UUID.randomUUID();
		Map<String, String> all = KafkaMessages.headers(UUID.randomUUID(), type, key.toString());
		all.putAll(headers);
		this.kafka.sendRaw(ParcelEvent.TOPIC, key.toString(), payload, all);
		return key;
	}

	private void awaitJournal(UUID id, int times) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(this.journal.of(id)).isEqualTo(Aggregates.sequences(times)));
	}

	private DeadLetter awaitDeadLetter(UUID key) {
		return Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.deadLetters.list(Filter.ALL, false, 100, null)
				.stream()
				.filter((one) -> key.toString().equals(one.key()))
				.collect(Collectors.toList()), (found) -> !found.isEmpty())
			.getFirst();
	}

}
