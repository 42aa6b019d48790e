package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sagamart.local.KafkaServer;
import dev.sagamart.local.Place;
import dev.sagamart.local.Ports;
import dev.sagamart.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses servers of its own, so that all counts are predictable. */
@Tag("slow")
class CountersIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	@TempDir
	private Path directory;

	@Test
	void countsTheWorkOfTheServers() throws Exception {
		PostgresServer postgres = new PostgresServer(Place.under(this.directory, "postgres", Ports.free()), "secret",
				false);
		KafkaServer kafka = new KafkaServer(Place.under(this.directory, "kafka", Ports.free()));
		try {
			postgres.start(PATIENCE);
			kafka.start(PATIENCE);
			postgres.createSchemas(PostgresServer.DATABASE, Map.of());
			try (Counters counters = new Counters(new Database(postgres.place().port(), "secret"),
					JvmCounters.attach(postgres.place().pid().getParent()));
					Connection connection = postgres.connect(PostgresServer.DATABASE);
					KafkaProducer<String, String> producer = producer(kafka)) {
				connection.createStatement().execute("CREATE TABLE users.counted (id int)");
				work(connection, producer, 1);
				Counters.awaitReports();
				CounterValues before = counters.read();
				work(connection, producer, 20);
				Counters.awaitReports();
				Map<String, Double> counted = counters.read().since(before).values();
				// A background worker of the server may add some.
				assertThat(counted.get("commits")).isCloseTo(20, within(5.0));
				assertThat(counted.get("statements")).isEqualTo(40);
				assertThat(counted.get("rows written")).isCloseTo(200, within(20.0));
				assertThat(counted.get("KiB of WAL")).isBetween(10.0, 500.0);
				assertThat(counted.get("produce requests")).isEqualTo(20);
				assertThat(counted.get("KiB allocated by kafka")).isPositive();
				assertThat(counted).doesNotContainKeys("offset commits", "KiB allocated by postgres");
			}
		}
		finally {
			kafka.kill();
			postgres.kill();
		}
	}

	/**
	 * Executes a transaction with one statement, and a request to the broker, several
	 * times.
	 */
	private static void work(Connection connection, KafkaProducer<String, String> producer, int times)
			throws Exception {
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			for (int i = 0; i < times; i++) {
				statement.execute("INSERT INTO users.counted SELECT generate_series(1, 10)");
				connection.commit();
				producer.send(new ProducerRecord<>("counted", "once")).get();
			}
		}
	}

	private static KafkaProducer<String, String> producer(KafkaServer kafka) {
		return new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(),
				new StringSerializer());
	}

}
