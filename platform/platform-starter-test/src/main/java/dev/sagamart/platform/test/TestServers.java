package dev.sagamart.platform.test;

import dev.sagamart.local.KafkaServer;
import dev.sagamart.local.PartFailedException;
import dev.sagamart.local.Place;
import dev.sagamart.local.Ports;
import dev.sagamart.local.PostgresServer;
import dev.sagamart.local.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;

/**
 * The real servers of this test JVM, each started when it is first asked for and kept
 * until the JVM ends: containers where a Docker engine answers, else processes of this
 * machine. {@code -Dsagamart.test.servers=docker} or {@code =local} decides it by hand.
 */
public final class TestServers {

	private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);

	private TestServers() {
	}

	/** The database server. */
	public static TestPostgres postgres() {
		return PostgresHolder.POSTGRES;
	}

	/** The broker. */
	public static TestKafka kafka() {
		return KafkaHolder.KAFKA;
	}

	/** The cache. */
	public static TestRedis redis() {
		return RedisHolder.REDIS;
	}

	private static Backend started(Supplier<Backend> container, Supplier<Backend> process) {
		if (DockerEngine.answers()) {
			try {
				Backend backend = container.get();
				backend.start();
				return backend;
			}
			catch (ContainerFetchException ex) {
				LOG.warn("The Docker engine cannot get an image, a process of this machine is used: {}",
						ex.getMessage());
			}
		}
		Backend backend = process.get();
		backend.start();
		return backend;
	}

	private static Place place(String name) {
		return Place.under(TestDirectories.own(), name, Ports.free());
	}

	private static final class PostgresHolder {

		static final TestPostgres POSTGRES = create();

		private static TestPostgres create() {
			String password = UUID.randomUUID().toString();
			Backend backend = started(
					() -> new ContainerBackend(
							new GenericContainer<>("postgres:18").withEnv("POSTGRES_PASSWORD", password)
								.withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200"),
							5432, Ports.free(), (host, port) -> TestPostgres.answers(host, port, password)),
					() -> new ProcessBackend(
							TestDirectories.endedWithTheJvm(new PostgresServer(place("postgres"), password, false))));
			TestPostgres postgres = new TestPostgres(backend, password);
			postgres.createDatabase(PostgresServer.DATABASE);
			return postgres;
		}

	}

	private static final class KafkaHolder {

		static final TestKafka KAFKA = create();

		private static TestKafka create() {
			return new TestKafka(started(() -> {
				int port = Ports.free();
				return new ContainerBackend(new GenericContainer<>("apache/kafka:4.2.0").withEnv(environment(port)),
						port, port, KafkaServer::answers);
			}, () -> new ProcessBackend(TestDirectories.endedWithTheJvm(new KafkaServer(place("kafka"),
					List.of("-Xms96m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"))))));
		}

		private static Map<String, String> environment(int port) {
			return Map.ofEntries(Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"), Map.entry("KAFKA_NODE_ID", "1"),
					Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:29093"),
					Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
					Map.entry("KAFKA_LISTENERS", "PLAINTEXT://:" + port + ",CONTROLLER://:29093"),
					Map.entry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:" + port),
					Map.entry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
					Map.entry("KAFKA_NUM_PARTITIONS", "12"), Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
					Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4"),
					Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
					Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
					Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
					Map.entry("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "500"),
					Map.entry("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "1000"),
					Map.entry("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "6000"),
					Map.entry("KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "10000"),
					Map.entry("KAFKA_BROKER_SESSION_TIMEOUT_MS", "2000"),
					Map.entry("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500"));
		}

	}

	private static final class RedisHolder {

		static final TestRedis REDIS = new TestRedis(started(
				() -> new ContainerBackend(new GenericContainer<>("redis:8").withCommand("redis-server", "--save", ""),
						6379, Ports.free(), RedisServer::answers),
				() -> new ProcessBackend(TestDirectories.endedWithTheJvm(new RedisServer(place("redis"))))));

	}

}
