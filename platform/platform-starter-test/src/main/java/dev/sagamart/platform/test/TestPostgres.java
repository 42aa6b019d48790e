package dev.sagamart.platform.test;

import dev.sagamart.local.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The PostgreSQL of this test JVM: the platform's roles and schemas, and its faults. */
public final class TestPostgres extends BreakableServer {

	private static final String SUPERUSER = "postgres";

	private static final Map<String, String> PASSWORDS = PostgresServer.SCHEMAS.stream()
		.collect(Collectors.toUnmodifiableMap(Function.identity(), (role) -> "password-of-" + role));

	private final String superuserPassword;

	TestPostgres(Backend backend, String superuserPassword) {
		super(backend);
		this.superuserPassword = superuserPassword;
	}

	/** The platform's database. */
	public String jdbcUrl() {
		return jdbcUrl(PostgresServer.DATABASE);
	}

	public String jdbcUrl(String database) {
		return url(host(), port(), database);
	}

	/** The password of a role; roles are called like their schemas. */
	public String password(String role) {
		String password = PASSWORDS.get(role);
		if (password == null) {
			throw new IllegalArgumentException("There is no role " + role + ", only " + PostgresServer.SCHEMAS);
		}
		return password;
	}

	/** A new connection of a role to the platform's database. */
	public Connection connect(String role) throws SQLException {
		return PostgresServer.connect(jdbcUrl(), role, password(role));
	}

	/** A new connection of the superuser to the platform's database. */
	public Connection connectAsSuperuser() throws SQLException {
		return PostgresServer.connect(jdbcUrl(), SUPERUSER, this.superuserPassword);
	}

	/** A source of unpooled connections of a role to the platform's database. */
	public DataSource dataSource(String role) {
		return dataSource(role, PostgresServer.DATABASE);
	}

	public DataSource dataSource(String role, String database) {
		return new DriverManagerDataSource(jdbcUrl(database), role, password(role));
	}

	/** Creates another database with the same roles and schemas, unless it is there. */
	public void createDatabase(String name) {
		try {
			try (Connection connection = PostgresServer.connect(jdbcUrl(SUPERUSER), SUPERUSER, this.superuserPassword);
					PreparedStatement exists = connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?");
					Statement statement = connection.createStatement()) {
				exists.setString(1, name);
				if (!exists.executeQuery().next()) {
					statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
				}
			}
			try (Connection connection = PostgresServer.connect(jdbcUrl(name), SUPERUSER, this.superuserPassword)) {
				PostgresServer.applySchemas(connection, PASSWORDS);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot create the database " + name, ex);
		}
	}

	/**
	 * Empties the tables of a schema, except Flyway's histories.
	 * @param except tables to leave alone
	 */
	public void truncate(String schema, String... except) throws SQLException {
		try (Connection connection = connect(schema);
				PreparedStatement tables = connection
					.prepareStatement("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = ?"
							+ " AND tablename NOT LIKE '%schema_history' AND NOT tablename = ANY (?)");
				Statement statement = connection.createStatement()) {
			tables.setString(1, schema);
			tables.setArray(2, connection.createArrayOf("text", except));
			List<String> names = new ArrayList<>();
			try (ResultSet rows = tables.executeQuery()) {
				while (rows.next()) {
					names.add(rows.getString(1));
				}
			}
			if (!names.isEmpty()) {
				statement.execute("TRUNCATE " + String.join(", ", names) + " CASCADE");
			}
		}
	}

	/**
	 * Ends all connections of a role at once, as a restart of the server would.
	 * @return how many there were
	 */
	public int terminateBackends(String role) throws SQLException {
		try (Connection connection = connectAsSuperuser();
				PreparedStatement terminate = connection
					.prepareStatement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?")) {
			terminate.setString(1, role);
			int count = 0;
			try (ResultSet rows = terminate.executeQuery()) {
				while (rows.next()) {
					count++;
				}
			}
			return count;
		}
	}

	static boolean answers(String host, int port, String password) {
		try (Connection connection = PostgresServer.connect(url(host, port, SUPERUSER), SUPERUSER, password)) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static String url(String host, int port, String database) {
		return "jdbc:postgresql://" + host + ":" + port + "/" + database;
	}

}
