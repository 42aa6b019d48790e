package dev.sagamart.platform.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.messaging.Aggregates;
import dev.sagamart.platform.messaging.KafkaTopics;
import dev.sagamart.platform.messaging.ParcelEvent;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with an outbox of its own, writers for it, and ears for what is sent. */
public final class RelayFixture implements AutoCloseable {

	public static final String SCHEMA = "parcels";

	private static final KafkaTopics EXISTING_TOPICS = new KafkaTopics(Map.of(), false, Stream::empty);

	static {
		// Without an application, nobody has set up logging.
		((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
	}

	private final String database;

	private final HikariDataSource dataSource;

	private final List<OutboxRelay> relays = new ArrayList<>();

	public final JdbcTemplate jdbc;

	public final TransactionTemplate transactions;

	public final Outbox outbox;

	public final Aggregates aggregates;

	public final KafkaMessages kafka = new KafkaMessages(TestServers.kafka());

	public RelayFixture(String database) {
		this.database = database;
		TestServers.postgres().createDatabase(database);
		TestServers.postgres().password(SCHEMA, database);
		keepWhatIsCommitted(database);
		this.dataSource = new HikariDataSource();
		this.dataSource.setJdbcUrl(url());
		this.dataSource.setUsername(SCHEMA);
		this.dataSource.setPassword(password());
		this.dataSource.setMaximumPoolSize(8);
		this.dataSource.setConnectionTimeout(2_000);
		migrate("classpath:db/platform", "platform_schema_history");
		migrate("classpath:db/messaging-tests", "flyway_schema_history");
		this.jdbc = new JdbcTemplate(this.dataSource);
		DataSourceTransactionManager manager = new DataSourceTransactionManager(this.dataSource);
		this.transactions = new TransactionTemplate(manager);
		this.outbox = new Outbox(this.jdbc, "parcel-service", List.of(new Publication(Set.of(ParcelEvent.class))),
				Clock.systemUTC(), () -> this.relays.forEach(OutboxRelay::wake));
		this.aggregates = new Aggregates(this.jdbc, manager, this.outbox);
	}

	/** Test servers may forget the last commits in a crash, and what was sent of them. */
	private static void keepWhatIsCommitted(String database) {
		try (Connection connection = TestServers.postgres().connectAsSuperuser();
				Statement statement = connection.createStatement()) {
			statement.execute("alter role %s in database %s set synchronous_commit = on".formatted(SCHEMA, database));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void migrate(String location, String history) {
		Flyway.configure()
			.dataSource(this.dataSource)
			.defaultSchema(SCHEMA)
			.locations(location)
			.table(history)
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

	public String url() {
		return TestServers.postgres().jdbcUrl(this.database);
	}

	public static String password() {
		return TestServers.postgres().password(SCHEMA);
	}

	public Connection connection() throws SQLException {
		return this.dataSource.getConnection();
	}

	public OutboxRelay startRelay() {
		return startRelay(Duration.ofMillis(20));
	}

	public OutboxRelay startRelay(Duration poll) {
		return startRelay(url(), poll);
	}

	public OutboxRelay startRelay(String url, Duration poll) {
		return startRelay(url, TestServers.kafka().address(), poll);
	}

	public OutboxRelay startRelayTo(String bootstrapServers) {
		return startRelay(url(), bootstrapServers, Duration.ofMillis(20));
	}

	private OutboxRelay startRelay(String url, String bootstrapServers, Duration poll) {
		OutboxRelay relay = new OutboxRelay(connections(url), kafka(bootstrapServers), EXISTING_TOPICS, poll);
		this.relays.add(relay);
		relay.start();
		return relay;
	}

	/** As a service has it that sets nothing by itself. */
	private static ProducerFactory<?, ?> kafka(String bootstrapServers) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers)));
		try {
			new YamlPropertySourceLoader().load("defaults", new ClassPathResource("platform-defaults.yml"))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new DefaultKafkaProducerFactory<>(
				Binder.get(environment).bind("spring.kafka", KafkaProperties.class).get().buildProducerProperties());
	}

	public static DedicatedConnections connections(String url) {
		return new DedicatedConnections(new JdbcConnectionDetails() {
			@Override
			public String getUsername() {
				return SCHEMA;
			}

			@Override
			public String getPassword() {
				return password();
			}

			@Override
			public String getJdbcUrl() {
				return url;
			}
		}, "relay-tests");
	}

	public static List<UUID> ids(int count) {
		return Stream.generate(UUID::randomUUID).limit(count).toList();
	}

	/** Starts threads that change aggregates at random until it is closed. */
	public Load load(List<UUID> ids, int threads) {
		return new Load(ids, threads);
	}

	/** What was sent about an aggregate, each event where it was seen first. */
	public List<Integer> sent(UUID id) {
		String key = id.toString();
		Set<String> seen = new HashSet<>();
		return this.kafka.received()
			.stream()
			.filter((heard) -> key.equals(heard.key()) && seen.add(heard.eventId()))
			.flatMap((heard) -> heard.as(ParcelEvent.class).stream())
			.map(ParcelEvent::sequence)
			.toList();
	}

	public int version(UUID id) {
		return this.jdbc.queryForList("select version from aggregate where id = ?", Integer.class, id)
			.stream()
			.findFirst()
			.orElse(0);
	}

	public long backlog() {
		return this.jdbc.queryForObject("select count(*) from outbox", Long.class);
	}

	public long backlog(String topic) {
		return this.jdbc.queryForObject("select count(*) from outbox where topic = ?", Long.class, topic);
	}

	/**
	 * Every committed change was told, in order, and nothing is left over. The pool may
	 * still hold sessions that a test ended.
	 */
	public void awaitAllSent(List<UUID> ids) {
		Awaitility.await()
			.ignoreExceptionsInstanceOf(DataAccessException.class)
			.atMost(Duration.ofMinutes(2))
			.until(() -> backlog() == 0);
		Awaitility.await()
			.ignoreExceptionsInstanceOf(DataAccessException.class)
			.untilAsserted(
					() -> ids.forEach((id) -> assertThat(sent(id)).isEqualTo(Aggregates.sequences(version(id)))));
	}

	public void stopRelays() {
		this.relays.forEach(OutboxRelay::stop);
		this.relays.clear();
	}

	@Override
	public void close() {
		stopRelays();
		this.kafka.close();
		this.dataSource.close();
	}

	/** Writers. */
	public final class Load implements AutoCloseable {

		private final AtomicBoolean running = new AtomicBoolean(true);

		private final AtomicInteger changes = new AtomicInteger();

		private final List<Thread> threads;

		Load(List<UUID> ids, int threads) {
			this.threads = Stream.generate(() -> Thread.ofPlatform().start(() -> work(ids))).limit(threads).toList();
		}

		public int changes() {
			return this.changes.get();
		}

		private void work(List<UUID> ids) {
			while (this.running.get()) {
				try {
					RelayFixture.this.aggregates.change(ids.get(ThreadLocalRandom.current().nextInt(ids.size())), 1);
					this.changes.incrementAndGet();
				}
				catch (DataAccessException | TransactionException ex) {
					// The database is being broken on purpose; its version of the truth
					// counts.
				}
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.running.set(false);
			for (Thread thread : this.threads) {
				thread.join();
			}
		}

	}

}
