package dev.sagamart.platform.test;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.test.KafkaMessages.ReceivedMessage;
import dev.sagamart.platform.test.sample.NoteEvent.NoteChanged;
import dev.sagamart.platform.test.sample.NoteEvent.NoteRemoved;
import dev.sagamart.platform.test.sample.NoteEvent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TestServersIntegrationTests {

	@Test
	void postgresGivesEachRoleItsSchema() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		for (String schema : List.of("letters", "notes", "letters")) {
			try (Connection connection = postgres.dataSource(schema).getConnection();
					Statement statement = connection.createStatement()) {
				assertThat(connection.getSchema()).isEqualTo(schema);
				statement.execute("CREATE TABLE IF NOT EXISTS mine (id int)");
			}
		}
		try (Connection connection = postgres.connect("letters"); Statement statement = connection.createStatement()) {
			assertThatThrownBy(() -> statement.execute("SELECT * FROM notes.mine"))
				.hasMessageContaining("permission denied");
		}
	}

	@Test
	void postgresCreatesOtherDatabases() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		postgres.createDatabase("another");
		postgres.createDatabase("another");
		try (Connection connection = postgres.dataSource("notes", "another").getConnection()) {
			assertThat(connection.getCatalog()).isEqualTo("another");
		}
	}

	@Test
	void postgresEmptiesTheTablesOfASchema() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		postgres.truncate("letters");
		try (Connection connection = postgres.connect("letters"); Statement statement = connection.createStatement()) {
			for (String table : List.of("audit", "kept", "flyway_schema_history")) {
				statement.execute("CREATE TABLE " + table + " AS SELECT 1 AS id");
			}
			postgres.truncate("letters", "kept");
			assertThat(count(statement, "audit")).isZero();
			assertThat(count(statement, "kept")).isOne();
			assertThat(count(statement, "flyway_schema_history")).isOne();
		}
	}

	@Test
	void postgresEmptiesTablesThatAreInUseInAnotherOrder() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		try (Connection connection = postgres.connect("letters");
				Statement statement = connection.createStatement();
				Connection using = postgres.connect("letters");
				Statement use = using.createStatement();
				ExecutorService other = Executors.newSingleThreadExecutor()) {
			statement.execute("CREATE TABLE first AS SELECT 1 AS id");
			statement.execute("CREATE TABLE second AS SELECT 1 AS id");
			using.setAutoCommit(false);
			count(use, "second");
			Future<?> emptied = other.submit(() -> {
				TestPostgres.truncate(statement, List.of("first", "second"));
				return null;
			});
			Awaitility.await()
				.until(() -> count(use, "pg_locks WHERE NOT granted AND relation = 'second'::regclass") == 1);
			assertThat(count(use, "first")).isOne();
			using.commit();
			emptied.get();
			assertThat(count(use, "first")).isZero();
			assertThat(count(use, "second")).isZero();
			using.commit();
			statement.execute("DROP TABLE first, second");
			assertThatExceptionOfType(SQLException.class).as("tables that are not there")
				.isThrownBy(() -> TestPostgres.truncate(statement, List.of("first", "second")));
		}
	}

	@Test
	void aReplicaHasWhatItsPrimaryHas() throws Exception {
		ReplicatedPostgres servers = ReplicatedPostgres.start();
		try (Connection primary = servers.primary().connect("notes"); Statement statement = primary.createStatement()) {
			statement.execute("CREATE TABLE told AS SELECT 1 AS id");
		}
		try (Connection replica = servers.replica().connectAsSuperuser();
				Statement statement = replica.createStatement()) {
			Awaitility.await().until(() -> count(statement, "pg_tables WHERE tablename = 'told'") == 1);
			assertThat(count(statement, "notes.told")).isOne();
			assertThatThrownBy(() -> statement.execute("DROP TABLE notes.told")).hasMessageContaining("read-only");
		}
		servers.replica().stop();
		servers.primary().stop();
	}

	@Test
	void postgresCountsWhatIsReadOfATable() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(postgres.dataSource("notes"));
			pool.addDataSourceProperty("ApplicationName", "counted");
			pool.setConnectionInitSql("SET application_name = 'counted'");
			read(pool, "CREATE TABLE counted AS SELECT n FROM generate_series(1, 10) n");
			TableReads before = postgres.reads("notes", pool).get("counted");
			read(pool, "SELECT n FROM counted");
			TableReads once = postgres.reads("notes", pool).get("counted").minus(before);
			assertThat(once.sequentially()).isEqualTo(10);
			assertThat(once.byIndex()).isZero();
			assertThat(once.pages()).isPositive();
			assertThat(once.least(new TableReads(3, 3, 3, 3))).isEqualTo(new TableReads(3, 0, once.pages(), 0));
			read(pool, "DROP TABLE counted");
		}
	}

	private static void read(HikariDataSource pool, String sql) throws SQLException {
		try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Test
	void postgresTerminatesTheConnectionsOfARole() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		try (Connection connection = postgres.connect("letters")) {
			assertThat(postgres.terminateBackends("letters")).isPositive();
			assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1")).isInstanceOf(SQLException.class);
		}
	}

	@Test
	void postgresRecoversFromAStopAKillAndAHang() throws Exception {
		TestPostgres postgres = TestServers.postgres();
		String address = postgres.address();
		postgres.stop();
		assertThatThrownBy(() -> postgres.connect("notes")).isInstanceOf(SQLException.class);
		postgres.start();
		postgres.kill();
		postgres.start();
		postgres.hang();
		postgres.wake();
		assertThat(postgres.address()).isEqualTo(address);
		postgres.connect("notes").close();
	}

	@Test
	void reportsWhatCannotBeCreated() {
		assertThatIllegalStateException().isThrownBy(() -> TestServers.postgres().createDatabase("x\u0000y"))
			.withMessageStartingWith("Cannot create the database");
		assertThatIllegalStateException().isThrownBy(() -> TestServers.postgres().password("notes", "nowhere"))
			.withMessage("Cannot create the schema notes in nowhere");
		assertThatIllegalStateException().isThrownBy(() -> TestServers.kafka().createTopics(List.of("no topic!")))
			.withMessage("Cannot create the topic no topic!");
	}

	@Test
	void redisRecoversFromAStopAndAHang() throws Exception {
		TestRedis redis = TestServers.redis();
		assertThat(ping(redis)).isEqualTo("+PONG");
		redis.stop();
		assertThatThrownBy(() -> ping(redis)).isInstanceOf(IOException.class);
		redis.start();
		redis.hang();
		redis.wake();
		assertThat(ping(redis)).isEqualTo("+PONG");
		assertThat(redis.address()).endsWith(":" + redis.port()).startsWith(redis.host());
	}

	@Test
	void kafkaKeepsItsMessagesAfterAStopAndAKill() {
		TestKafka kafka = TestServers.kafka();
		kafka.createTopics(List.of(NoteEvent.TOPIC));
		kafka.createTopics(List.of(NoteEvent.TOPIC));
		try (KafkaMessages messages = new KafkaMessages(kafka)) {
			NoteChanged first = note(UUID.randomUUID(), 1);
			messages.send(first);
			kafka.stop();
			kafka.start();
			NoteChanged second = note(first.noteId(), 2);
			messages.send(second);
			kafka.kill();
			kafka.start();
			kafka.hang();
			kafka.wake();
			assertThat(messages.await(NoteChanged.class, first.noteId(), 2)).containsExactly(first, second);
		}
	}

	@Test
	void messagesLookLikeThoseOfAService() {
		try (KafkaMessages messages = new KafkaMessages(TestServers.kafka())) {
			UUID eventId = UUID.randomUUID();
			NoteRemoved message = new NoteRemoved(UUID.randomUUID(), 7);
			messages.send(eventId, message);
			messages.send(eventId, message);
			messages.await(NoteRemoved.class, message.noteId(), 2);
			List<ReceivedMessage> duplicates = messages.received()
				.stream()
				.filter((received) -> eventId.toString().equals(received.eventId()))
				.toList();
			assertThat(duplicates).hasSize(2).allSatisfy((received) -> {
				assertThat(received.topic()).isEqualTo(NoteEvent.TOPIC);
				assertThat(received.key()).isEqualTo(message.noteId().toString());
				assertThat(received.type()).isEqualTo("note.removed.v1");
				assertThat(received.as(NoteEvent.class)).contains(message);
				assertThat(received.as(NoteChanged.class)).isEmpty();
				assertThat(received.headers()).containsKeys("ce_source", "ce_time", "correlationId", "traceparent")
					.containsEntry("ce_specversion", "1.0")
					.containsEntry("ce_subject", message.noteId().toString());
			});
			assertThat(messages.received(NoteEvent.class, message.noteId())).containsExactly(message, message);
			assertThat(messages.received(NoteChanged.class, message.noteId())).isEmpty();
		}
	}

	@Test
	void messagesAreReadOnTheirOwnTopicOnly() {
		UUID id = UUID.randomUUID();
		String text = new String(KafkaMessages.json(new NoteRemoved(id, 7)), StandardCharsets.UTF_8);
		Map<String, String> headers = Map.of("ce_type", "note.removed.v1");
		assertThat(new ReceivedMessage(NoteEvent.TOPIC, 0, 0, null, headers, text).as(NoteEvent.class))
			.contains(new NoteRemoved(id, 7));
		assertThat(new ReceivedMessage("elsewhere", 0, 0, null, headers, text).as(NoteEvent.class)).isEmpty();
	}

	@Test
	void postgresHasNothingToEmptyInANewSchema() throws Exception {
		TestServers.postgres().truncate("nothing");
	}

	@Test
	void messagesMayBeInvalid() {
		try (KafkaMessages messages = new KafkaMessages(TestServers.kafka())) {
			UUID id = UUID.randomUUID();
			UUID unknown = UUID.randomUUID();
			messages.sendRaw(NoteEvent.TOPIC, id.toString(), "{}".getBytes(StandardCharsets.UTF_8),
					KafkaMessages.headers(unknown, "note.imagined.v9", id.toString()));
			ReceivedMessage received = messages.await((one) -> unknown.toString().equals(one.eventId()));
			assertThat(received.as(NoteEvent.class)).isEmpty();
			assertThat(received.text()).isEqualTo("{}");

			UUID broken = UUID.randomUUID();
			messages.sendRaw(NoteEvent.TOPIC, id.toString(), "not json".getBytes(StandardCharsets.UTF_8),
					Map.of("ce_id", broken.toString(), "ce_type", "note.removed.v1"));
			assertThat(messages.await((one) -> broken.toString().equals(one.eventId())).as(NoteEvent.class)).isEmpty();

			UUID empty = UUID.randomUUID();
			messages.sendRaw(NoteEvent.TOPIC, id.toString(), null,
					Map.of("ce_id", empty.toString(), "ce_type", "note.removed.v1"));
			assertThat(messages.await((one) -> empty.toString().equals(one.eventId())).as(NoteEvent.class)).isEmpty();

			messages.sendRaw(NoteEvent.TOPIC, "tombstone-" + id, null, Map.of());
			ReceivedMessage tombstone = messages.await((one) -> ("tombstone-" + id).equals(one.key()));
			assertThat(tombstone.text()).isNull();
			assertThat(tombstone.type()).isNull();

			assertThatThrownBy(() -> messages.sendRaw(NoteEvent.TOPIC, null, new byte[2_000_000], Map.of()))
				.isInstanceOf(IllegalStateException.class)
				.hasMessage("Cannot send to note.events");
		}
	}

	private static NoteChanged note(UUID id, long version) {
		return new NoteChanged(id, "Text " + version, version);
	}

	private static long count(Statement statement, String table) throws SQLException {
		try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
			rows.next();
			return rows.getLong(1);
		}
	}

	private static String ping(TestRedis redis) throws IOException {
		try (Socket socket = new Socket(redis.host(), redis.port())) {
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
		}
	}

}
