package dev.sagamart.platform.test;

import com.redis.testcontainers.RedisContainer;
import dev.sagamart.local.KafkaServer;
import dev.sagamart.local.Part;
import dev.sagamart.local.Place;
import dev.sagamart.local.Ports;
import dev.sagamart.local.PostgresServer;
import dev.sagamart.local.RedisServer;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.function.SingletonSupplier;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The real servers of this test JVM. Each starts when a test first needs it, and runs
 * until the JVM ends. They are containers if a Docker engine answers, otherwise processes
 * of this machine; {@code -Dsagamart.test.servers=docker} or {@code =local} overrides
 * that.
 */
public final class TestServers {

	private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);

	private static final SingletonSupplier<TestPostgres> POSTGRES = SingletonSupplier.of(TestServers::startPostgres);

	private static final SingletonSupplier<TestKafka> KAFKA = SingletonSupplier.of(TestServers::startKafka);

	private static final SingletonSupplier<TestRedis> REDIS = SingletonSupplier.of(TestServers::startRedis);

	private TestServers() {
	}

	public static TestPostgres postgres() {
		return POSTGRES.obtain();
	}

	public static TestKafka kafka() {
		return KAFKA.obtain();
	}

	public static TestRedis redis() {
		return REDIS.obtain();
	}

	private static TestPostgres startPostgres() {
		String password = UUID.randomUUID().toString();
		Backend backend = started(
				() -> Backend.container(
						new PostgreSQLContainer("postgres:18").withUsername("postgres")
							.withPassword(password)
							.withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200"),
						PostgreSQLContainer.POSTGRESQL_PORT, Ports.free(),
						(host, port) -> TestPostgres.answers(host, port, password)),
				() -> new PostgresServer(place("postgres"), password, false));
		TestPostgres postgres = new TestPostgres(backend, password);
		postgres.createDatabase(PostgresServer.DATABASE);
		return postgres;
	}

	private static TestKafka startKafka() {
		return new TestKafka(started(() -> {
			KafkaContainer kafka = new KafkaContainer("apache/kafka:4.2.0");
			KafkaServer.commonSettings()
				.forEach((name, value) -> kafka
					.addEnv("KAFKA_" + name.toString().toUpperCase(Locale.ROOT).replace('.', '_'), value.toString()));
			return Backend.container(kafka, 9092, Ports.free(), KafkaServer::answers);
		}, () -> new KafkaServer(place("kafka"),
				List.of("-Xms96m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"))));
	}

	private static TestRedis startRedis() {
		return new TestRedis(
				started(() -> Backend.container(new RedisContainer("redis:8").withCommand("redis-server", "--save", ""),
						6379, Ports.free(), RedisServer::answers), () -> new RedisServer(place("redis"))));
	}

	private static Backend started(Supplier<Backend> container, Supplier<Part> process) {
		if (DockerEngine.answers()) {
			try {
				Backend backend = container.get();
				backend.start().run();
				return backend;
			}
			catch (ContainerFetchException ex) {
				LOG.warn("The Docker engine cannot get an image, a process of this machine is used: {}",
						ex.getMessage());
			}
		}
		Backend backend = Backend.process(TestDirectories.endedWithTheJvm(process.get()));
		backend.start().run();
		return backend;
	}

	private static Place place(String name) {
		return Place.under(TestDirectories.own(), name, Ports.free());
	}

}
