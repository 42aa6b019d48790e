package dev.sagamart.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PostgresServerIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(4);

	private static final Map<String, String> PASSWORDS = Stream.of("gateway", "users", "products", "orders", "payments")
		.collect(Collectors.toMap(Function.identity(), (role) -> role + "-secret"));

	@TempDir
	static Path directory;

	static PostgresServer postgres;

	@BeforeAll
	static void start() {
		postgres = new PostgresServer(Place.under(directory, "postgres", Ports.free()), "superuser-secret", true);
		postgres.start(TIMEOUT);
		postgres.createSchemas(PostgresServer.DATABASE, PASSWORDS);
	}

	@AfterAll
	static void stop() {
		postgres.stop(TIMEOUT);
	}

	@Test
	void writesTheProcessIdOfTheServer() throws Exception {
		assertThat(Files.readString(postgres.place().pid()).strip()).isEqualTo(Long.toString(postgres.pid()));
		assertThat(ProcessHandle.of(postgres.pid()).orElseThrow().info().commandLine().orElseThrow())
			.contains("bin/postgres");
	}

	@Test
	void aRoleOwnsItsSchemaWhichIsTheDefault() throws Exception {
		try (Connection connection = connect("orders", "orders-secret");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE mine (id int)");
			statement.execute("INSERT INTO orders.mine VALUES (1)");
			statement.execute("DROP TABLE mine");
		}
	}

	@ParameterizedTest
	@CsvSource({ "CREATE TABLE users.theirs (id int)", "SELECT * FROM users.theirs",
			"CREATE TABLE public.anybody (id int)", "CREATE SCHEMA another", "CREATE TEMPORARY TABLE passing (id int)",
			"CREATE ROLE somebody", "SET ROLE users", "SELECT pg_read_file('PG_VERSION')",
			"ALTER ROLE users PASSWORD 'mine-now'" })
	void aRoleHasNoRightsOutsideOfItsSchema(String sql) throws Exception {
		try (Connection owner = connect("users", "users-secret"); Statement statement = owner.createStatement()) {
			statement.execute("CREATE TABLE IF NOT EXISTS theirs (id int)");
		}
		try (Connection connection = connect("orders", "orders-secret");
				Statement statement = connection.createStatement()) {
			assertThatThrownBy(() -> statement.execute(sql)).isInstanceOf(SQLException.class)
				.extracting((ex) -> ((SQLException) ex).getSQLState())
				.isEqualTo("42501");
		}
	}

	@Test
	void aRoleCannotLogInWithoutItsOwnPassword() {
		assertThatThrownBy(() -> connect("orders", "users-secret")).isInstanceOf(SQLException.class);
	}

	@Test
	void creatingTheSchemasAgainKeepsWhatIsThereAndTakesNewPasswords() throws Exception {
		try (Connection connection = connect("payments", "payments-secret");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE kept (id int)");
		}
		postgres.createSchemas(PostgresServer.DATABASE, Map.of("payments", "changed"));
		try (Connection connection = connect("payments", "changed");
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT * FROM kept");
		}
		postgres.createSchemas(PostgresServer.DATABASE, PASSWORDS);
	}

	@Test
	void aSecondDatabaseHasTheSameSchemas() throws Exception {
		postgres.createSchemas("second", PASSWORDS);
		try (Connection connection = PostgresServer.connect(postgres.jdbcUrl("second"), "users", "users-secret")) {
			assertThat(connection.getSchema()).isEqualTo("users");
		}
	}

	@Test
	void countsTheStatementsOfTheServices() throws Exception {
		try (Connection connection = connect("users", "users-secret");
				Statement statement = connection.createStatement()) {
			for (int i = 0; i < 3; i++) {
				statement.execute("SELECT 1 AS counted");
			}
		}
		try (Connection connection = postgres.connect("postgres");
				Statement statement = connection.createStatement();
				ResultSet calls = statement
					.executeQuery("SELECT calls FROM pg_stat_statements WHERE query LIKE '%AS counted'")) {
			assertThat(calls.next()).isTrue();
			assertThat(calls.getLong(1)).isEqualTo(3);
		}
	}

	@Test
	void survivesAKillWithItsData() throws Exception {
		try (Connection connection = connect("gateway", "gateway-secret");
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE durable (id int)");
		}
		postgres.kill();
		assertThat(postgres.isAlive()).isFalse();
		assertThat(postgres.isReady()).isFalse();
		assertThat(postgres.place().pid()).doesNotExist();
		postgres.start(TIMEOUT);
		try (Connection connection = connect("gateway", "gateway-secret");
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT * FROM durable");
		}
	}

	private static Connection connect(String role, String password) throws SQLException {
		return PostgresServer.connect(postgres.jdbcUrl(PostgresServer.DATABASE), role, password);
	}

}
