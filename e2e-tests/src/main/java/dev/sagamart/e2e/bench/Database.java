package dev.sagamart.e2e.bench;

import dev.sagamart.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The platform's PostgreSQL.
 *
 * @param password the superuser's, empty if the platform keeps no secrets here
 */
record Database(int port, String password) {

	private static final String SUPERUSER = "postgres";

	boolean isKnown() {
		return !this.password.isEmpty();
	}

	/** A connection of the superuser. */
	Connection connect(String name) throws SQLException {
		return PostgresServer.connect("jdbc:postgresql://127.0.0.1:" + this.port + "/" + name, SUPERUSER,
				this.password);
	}

}
