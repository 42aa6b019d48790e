package dev.sagamart.platform.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * Connections outside the pool, for state that belongs to a session. Both ends notice
 * within 15 seconds that the other is gone: this one by its socket time-out, the server
 * by keep-alive probes and unacknowledged bytes. The server matters more, because it
 * holds the advisory lock until then.
 */
final class DedicatedConnections {

	private static final int CONNECT_TIMEOUT_SECONDS = 3;

	private static final int SOCKET_TIMEOUT_SECONDS = 8;

	private final JdbcConnectionDetails details;

	private final String applicationName;

	DedicatedConnections(JdbcConnectionDetails details,
			@Value("${spring.application.name:sagamart}") String applicationName) {
		this.details = details;
		this.applicationName = applicationName;
	}

	/** Opens a connection, in autocommit mode. */
	Connection open(String purpose) throws SQLException {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.details.getJdbcUrl());
		dataSource.setUser(this.details.getUsername());
		dataSource.setPassword(this.details.getPassword());
		dataSource.setApplicationName(this.applicationName + " " + purpose);
		dataSource.setTcpKeepAlive(true);
		dataSource.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
		dataSource.setLoginTimeout(CONNECT_TIMEOUT_SECONDS);
		dataSource.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
		dataSource.setOptions("-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
				+ " -c tcp_user_timeout=9000");
		return dataSource.getConnection();
	}

}
