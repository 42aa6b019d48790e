package dev.sagamart.platform.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.platform.messaging.Aggregates;
import dev.sagamart.platform.messaging.ParcelEvent;
import dev.sagamart.platform.messaging.outbox.RelayFixture.Load;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.TestServers;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The relay alone against real servers, and everything that can happen to it. */
class OutboxRelayIntegrationTests {

	private static RelayFixture fixture;

	@BeforeAll
	static void start() {
		TestServers.kafka().createTopics(List.of(ParcelEvent.TOPIC));
		fixture = new RelayFixture("relay_tests");
	}

	@AfterAll
	static void stop() {
		fixture.close();
	}

	@AfterEach
	void stopRelays() {
		fixture.stopRelays();
		fixture.jdbc.execute("delete from outbox");
	}

	@Test
	void sendsEverythingInOrderPerKeyUnderLoad() throws Exception {
		List<UUID> ids = RelayFixture.ids(20);
		fixture.startRelay();
		try (Load load = fixture.load(ids, 4)) {
			Awaitility.await().until(() -> load.changes() > 2_000);
		}
		fixture.awaitAllSent(ids);
	}

	@Test
	void ofSeveralInstancesOneSendsWhateverTheirSpeed() throws Exception {
		List<UUID> ids = RelayFixture.ids(20);
		List<OutboxRelay> relays = List.of(fixture.startRelay(Duration.ofMillis(1)),
				fixture.startRelay(Duration.ofMillis(20)), fixture.startRelay(Duration.ofMillis(300)));
		try (Load load = fixture.load(ids, 4)) {
			for (int round = 1; round <= 3; round++) {
				int enough = load.changes() + 300;
				Awaitility.await().until(() -> load.changes() > enough);
				assertThat(relays.stream().filter(OutboxRelay::isLeader).count()).isLessThanOrEqualTo(1);
				// A rolling restart: the leader goes, another takes over.
				OutboxRelay leader = Awaitility.await()
					.until(() -> relays.stream().filter(OutboxRelay::isLeader).findFirst(),
							(found) -> found.isPresent())
					.orElseThrow();
				leader.stop();
				assertThat(leader.isRunning()).isFalse();
				assertThat(leader.isLeader()).isFalse();
				leader.start();
			}
		}
		fixture.awaitAllSent(ids);
	}

	@Test
	void aTransactionThatCommitsLateWithALowIdIsNotLost() throws Exception {
		UUID late = UUID.randomUUID();
		UUID early = UUID.randomUUID();
		fixture.startRelay();
		try (Connection connection = fixture.connection()) {
			connection.setAutoCommit(false);
			SingleConnectionDataSource single = new SingleConnectionDataSource(connection, true);
			JdbcTemplate jdbc = new JdbcTemplate(single);
			jdbc.update("insert into aggregate (id, version) values (?, 1)", late);
			jdbc.update("""
					insert into outbox (event_id, topic, msg_key, type, headers, payload, created_at)
					values (?, ?, ?, 'parcel.shipped.v1', ?::jsonb, ?, now())""", UUID.randomUUID(), ParcelEvent.TOPIC,
					late.toString(),
					MessageJson
						.writeText(KafkaMessages.headers(UUID.randomUUID(), "parcel.shipped.v1", late.toString())),
					KafkaMessages.json(Aggregates.shipped(late, 1)));
			fixture.aggregates.change(early, 700);
			Awaitility.await().untilAsserted(() -> assertThat(fixture.sent(early)).hasSize(700));
			assertThat(fixture.sent(late)).isEmpty();
			connection.commit();
		}
		fixture.awaitAllSent(List.of(late, early));
	}

	@ParameterizedTest
	@CsvSource({ "3000000, parcel.events", "1500000, parcel.events", "10, not a topic!" })
	void aRowThatCanNeverBeSentIsParkedAndHoldsItsKeyOnly(int size, String topic) {
		UUID id = UUID.randomUUID();
		UUID other = UUID.randomUUID();
		fixture.transactions.executeWithoutResult((status) -> {
			fixture.aggregates.changeHere(id);
			fixture.aggregates.changeHere(id);
			appendUnsendable(topic, id, size);
			fixture.aggregates.changeHere(id);
			fixture.aggregates.changeHere(other);
		});
		fixture.startRelay();
		fixture.aggregates.change(id, 2);
		fixture.aggregates.change(other, 2);
		Awaitility.await().untilAsserted(() -> assertThat(fixture.sent(other)).containsExactly(1, 2, 3));
		boolean sameTopic = topic.equals(ParcelEvent.TOPIC);
		Awaitility.await()
			.untilAsserted(() -> assertThat(fixture.sent(id)).isEqualTo(Aggregates.sequences(sameTopic ? 2 : 5)));
		// What was sent is heard before the relay has noted it.
		Awaitility.await().untilAsserted(() -> {
			List<String> causes = fixture.jdbc
				.queryForList("select parked_cause from outbox where parked_at is not null", String.class);
			assertThat(causes).singleElement().asString().contains(sameTopic ? "TooLarge" : "InvalidTopic");
			assertThat(fixture.backlog()).isEqualTo(sameTopic ? 4 : 1);
		});
		fixture.jdbc.update("delete from outbox where parked_at is not null");
		fixture.awaitAllSent(List.of(id, other));
	}

	/**
	 * A broker takes records of a producer that it does not know with any sequence number
	 * (KAFKA-15591), so idempotence does not keep the order of the first requests.
	 */
	@Test
	void theOrderIsKeptWhenTheFirstRequestIsRefusedAndTheSecondIsNot() throws Exception {
		UUID id = UUID.randomUUID();
		fixture.transactions.executeWithoutResult(
				(status) -> IntStream.rangeClosed(1, 3).forEach((sequence) -> appendRequestOfItsOwn(id, sequence)));
		try (RefusingKafka kafka = new RefusingKafka()) {
			fixture.startRelayTo(kafka.bootstrapServers());
			Awaitility.await().untilAsserted(() -> assertThat(fixture.sent(id)).hasSize(3));
			assertThat(kafka.hasRefused()).isTrue();
			assertThat(fixture.sent(id)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void nothingIsLostOrReorderedWhenTheBrokerIsAwayForEightSeconds() throws Exception {
		List<UUID> ids = RelayFixture.ids(20);
		fixture.startRelay();
		try (Load load = fixture.load(ids, 2)) {
			Awaitility.await().until(() -> load.changes() > 500);
			TestServers.kafka().stop();
			try {
				int before = load.changes();
				Instant end = Instant.now().plusSeconds(8);
				Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().isAfter(end));
				// Changes go on without the broker.
				assertThat(load.changes()).isGreaterThan(before + 500);
				assertThat(fixture.backlog()).isPositive();
			}
			finally {
				TestServers.kafka().start();
			}
		}
		fixture.awaitAllSent(ids);
	}

	@Test
	void nothingIsLostOrReorderedWhenTheBrokerIsKilled() throws Exception {
		List<UUID> ids = RelayFixture.ids(20);
		fixture.startRelay();
		try (Load load = fixture.load(ids, 2)) {
			Awaitility.await().until(() -> load.changes() > 500);
			TestServers.kafka().kill();
			TestServers.kafka().start();
		}
		fixture.awaitAllSent(ids);
	}

	@Test
	void nothingIsLostOrReorderedWhenTheDatabaseEndsAllSessions() throws Exception {
		List<UUID> ids = RelayFixture.ids(20);
		fixture.startRelay();
		fixture.startRelay();
		try (Load load = fixture.load(ids, 4)) {
			for (int round = 0; round < 5; round++) {
				int enough = load.changes() + 300;
				Awaitility.await().until(() -> load.changes() > enough);
				assertThat(TestServers.postgres().terminateBackends(RelayFixture.SCHEMA)).isPositive();
			}
		}
		fixture.awaitAllSent(ids);
	}

	@Test
	void aSessionThatFallsSilentIsNoticedWithinFifteenSeconds() throws Exception {
		List<UUID> ids = RelayFixture.ids(5);
		try (SilentProxy proxy = new SilentProxy()) {
			OutboxRelay first = fixture.startRelay(proxy.url(), Duration.ofMillis(20));
			Awaitility.await().until(first::isLeader);
			OutboxRelay second = fixture.startRelay();
			fixture.aggregates.changeAll(ids);
			fixture.awaitAllSent(ids);
			proxy.fallSilent();
			Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> !first.isLeader());
			// In the kernel's place: it gives the server's end up after 9 seconds.
			proxy.close();
			Awaitility.await().until(second::isLeader);
			fixture.aggregates.changeAll(ids);
			fixture.awaitAllSent(ids);
		}
	}

	@Test
	void theServerGivesUpASilentLeaderWithinFifteenSeconds() throws Exception {
		fixture.startRelay();
		try (Connection connection = RelayFixture.connections(fixture.url()).open("probe")) {
			try (var statement = connection.createStatement(); var result = statement.executeQuery("""
					select current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_interval')::int
						* current_setting('tcp_keepalives_count')::int,
						current_setting('tcp_user_timeout')""")) {
				result.next();
				assertThat(result.getInt(1)).isBetween(1, 15);
				assertThat(result.getString(2)).isEqualTo("9000");
			}
		}
	}

	/** Larger than a batch of the producer, and nothing that compresses. */
	private static void appendRequestOfItsOwn(UUID key, int sequence) {
		byte[] filler = new byte[150_000];
		new Random(sequence).nextBytes(filler);
		Map<String, String> headers = KafkaMessages.headers(UUID.randomUUID(), "parcel.shipped.v1", key.toString());
		headers.put("filler", Base64.getEncoder().encodeToString(filler));
		fixture.outbox.appendCopy(ParcelEvent.TOPIC, key.toString(), "parcel.shipped.v1", headers,
				KafkaMessages.json(Aggregates.shipped(key, sequence)));
	}

	private static void appendUnsendable(String topic, UUID key, int size) {
		byte[] payload = new byte[size];
		// Nothing that compresses.
		new Random(1).nextBytes(payload);
		fixture.outbox.appendCopy(topic, key.toString(), "parcel.shipped.v1", Map.of(), payload);
	}

	/** Between a relay and the database, until it forwards nothing any more. */
	private static final class SilentProxy extends TestProxy {

		private volatile boolean silent;

		SilentProxy() throws IOException {
			super(TestServers.postgres().address());
		}

		@Override
		void link(Socket client, Socket database) {
			start(() -> forward(client, database));
			start(() -> forward(database, client));
		}

		private void forward(Socket from, Socket to) throws IOException {
			byte[] buffer = new byte[8192];
			int count = from.getInputStream().read(buffer);
			while (count >= 0) {
				if (!this.silent) {
					to.getOutputStream().write(buffer, 0, count);
				}
				count = from.getInputStream().read(buffer);
			}
		}

		String url() {
			return "jdbc:postgresql://localhost:" + port() + "/relay_tests";
		}

		void fallSilent() {
			this.silent = true;
		}

	}

}
