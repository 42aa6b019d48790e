package dev.sagamart.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;

/**
 * A PostgreSQL server. {@link #createSchemas} creates or updates the database, roles and
 * schemas of the platform.
 */
public final class PostgresServer extends Part {

	public static final String DATABASE = "sagamart";

	/** LOCK_FILE_LINE_PM_STATUS of postmaster.pid in the sources of PostgreSQL. */
	private static final int STATUS_LINE = 8;

	private static final String SCHEMAS = "/dev/sagamart/local/postgres/schemas.sql";

	private static final String SUPERUSER = "postgres";

	private static final String MAINTENANCE = "postgres";

	private final String superuserPassword;

	private final boolean durable;

	/**
	 * @param superuserPassword the password of {@code postgres}, set when the data
	 * directory is created
	 * @param durable whether commits survive a crash of the machine; they always survive
	 * a crash of the server alone
	 */
	public PostgresServer(Place place, String superuserPassword, boolean durable) {
		super(place);
		this.superuserPassword = superuserPassword;
		this.durable = durable;
	}

	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
	}

	public Connection connect(String database) throws SQLException {
		return connect(jdbcUrl(database), SUPERUSER, this.superuserPassword);
	}

	/**
	 * Creates a database if it is missing, with the roles and schemas of the platform.
	 * @param passwords the passwords by role
	 */
	public void createSchemas(String database, Map<String, String> passwords) {
		try {
			try (Connection connection = connect(MAINTENANCE)) {
				createDatabase(connection, database);
			}
			try (Connection connection = connect(database)) {
				applySchemas(connection, passwords);
			}
		}
		catch (SQLException ex) {
			throw new PartFailedException("Cannot create the schemas: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Runs {@code schemas.sql} on a connection of a superuser.
	 * @param passwords the passwords by role, for the roles to create
	 */
	public static void applySchemas(Connection connection, Map<String, String> passwords) throws SQLException {
		try (PreparedStatement setting = connection.prepareStatement("SELECT set_config(?, ?, false)");
				Statement statement = connection.createStatement()) {
			setting.setString(1, DATABASE + ".schemas");
			setting.setString(2, String.join(",", passwords.keySet()));
			setting.execute();
			for (Map.Entry<String, String> password : passwords.entrySet()) {
				setting.setString(1, DATABASE + "." + password.getKey() + "_password");
				setting.setString(2, password.getValue());
				setting.execute();
			}
			statement.execute(Uncheck.get(() -> IOUtils.resourceToString(SCHEMAS, StandardCharsets.UTF_8)));
		}
	}

	public static Connection connect(String url, String user, String password) throws SQLException {
		return DriverManager.getConnection(url + "?loginTimeout=10", user, password);
	}

	@Override
	public boolean isReady() {
		if (!Ports.answers(port()) || !isStatusReady()) {
			return false;
		}
		try (Connection connection = connect(MAINTENANCE)) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/** Reads the status file, because an early connection logs an error. */
	private boolean isStatusReady() {
		try {
			List<String> state = Files.readAllLines(place().data().resolve("cluster/postmaster.pid"),
					StandardCharsets.ISO_8859_1);
			return state.size() >= STATUS_LINE && state.get(STATUS_LINE - 1).strip().equals("ready");
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	protected List<String> command() throws IOException {
		Path program = Binaries.postgres(Binaries.cache()).resolve("bin");
		Path cluster = place().data().resolve("cluster");
		if (!Files.exists(cluster.resolve("PG_VERSION"))) {
			initialise(program, cluster);
		}
		// The children of a killed server end a moment later, and a new server refuses to
		// start while they hold the shared memory.
		Orphans.end(Orphans.processesIn(cluster));
		List<String> command = new ArrayList<>(Unprivileged.prefix(place().data()));
		command.addAll(List.of(program.resolve("postgres").toString(), "-D", cluster.toString(), "-p",
				Integer.toString(port())));
		settings().forEach((setting) -> command.addAll(List.of("-c", setting)));
		return command;
	}

	@Override
	protected Map<String, String> environment() {
		return Map.of("LC_ALL", "C");
	}

	/** INT is the fast shutdown; TERM waits until every client has disconnected. */
	@Override
	protected String stopSignal() {
		return this.durable ? "INT" : "QUIT";
	}

	private List<String> settings() {
		String durable = this.durable ? "on" : "off";
		return List.of("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200",
				"shared_buffers=" + (this.durable ? "256MB" : "64MB"), "shared_preload_libraries=pg_stat_statements",
				"max_wal_size=2GB", "checkpoint_timeout=15min", "jit=off", "tcp_keepalives_idle=5",
				"tcp_keepalives_interval=2", "tcp_keepalives_count=3", "timezone=UTC", "fsync=" + durable,
				"synchronous_commit=" + durable, "full_page_writes=" + durable);
	}

	/**
	 * Initialises another directory and renames it, so that an incomplete cluster is
	 * never used.
	 */
	private void initialise(Path program, Path cluster) throws IOException {
		Path fresh = cluster.resolveSibling("cluster-new");
		FileUtils.deleteDirectory(fresh.toFile());
		Path password = Files.createTempFile(place().data(), "password", "",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		try {
			Files.writeString(password, this.superuserPassword);
			List<String> command = new ArrayList<>(Unprivileged.prefix(place().data()));
			command.addAll(List.of(program.resolve("initdb").toString(), "-D", fresh.toString(), "-U", SUPERUSER, "-A",
					"scram-sha-256", "--pwfile", password.toString(), "-E", "UTF8", "--locale=C",
					"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"));
			SystemCommand.run("initdb", new ProcessBuilder(command).directory(place().data().toFile()));
			Files.move(fresh, cluster);
		}
		finally {
			Files.delete(password);
		}
	}

	/**
	 * Creates a database if it is missing. Also enables pg_stat_statements in the
	 * maintenance database: services cannot see it there, and reading it is not counted
	 * for the platform's database.
	 * @param maintenance a connection of a superuser to another database
	 */
	public static void createDatabase(Connection maintenance, String database) throws SQLException {
		try (PreparedStatement exists = maintenance.prepareStatement("SELECT FROM pg_database WHERE datname = ?");
				Statement statement = maintenance.createStatement()) {
			statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
			exists.setString(1, database);
			if (!exists.executeQuery().next()) {
				statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
			}
		}
	}

}
