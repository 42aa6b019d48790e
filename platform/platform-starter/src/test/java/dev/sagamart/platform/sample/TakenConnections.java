package dev.sagamart.platform.sample;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Holds connections of a pool, so that others do not get them. */
public final class TakenConnections implements AutoCloseable {

	private final List<Connection> taken = new ArrayList<>();

	private TakenConnections() {
	}

	/** Takes all but so many. */
	public static TakenConnections allBut(int left, HikariDataSource pool) throws SQLException {
		TakenConnections result = new TakenConnections();
		try {
			while (result.taken.size() < pool.getMaximumPoolSize() - left) {
				result.taken.add(pool.getConnection());
			}
		}
		catch (SQLException ex) {
			result.close();
			throw ex;
		}
		return result;
	}

	@Override
	public void close() throws SQLException {
		for (Connection connection : this.taken) {
			connection.close();
		}
	}

}
