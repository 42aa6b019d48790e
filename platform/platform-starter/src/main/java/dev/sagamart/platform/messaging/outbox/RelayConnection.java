package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messaging.wire.MessageJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The database session whose advisory lock makes its process the leader. The leader
 * changes the outbox only through this session, so a leader that has lost its lock cannot
 * change it.
 */
final class RelayConnection implements AutoCloseable {

	private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {
	};

	private static final int VALIDATION_SECONDS = 3;

	private final Connection connection;

	private final PreparedStatement select;

	private final PreparedStatement delete;

	/** Takes over the connection and prepares it. */
	RelayConnection(Connection connection) throws SQLException {
		this.connection = connection;
		try (Statement statement = connection.createStatement()) {
			// The statistics of this table are useless, as it is mostly empty or full of
			// dead rows. The primary key is always the right index.
			statement.execute("set enable_seqscan = off; set enable_bitmapscan = off; set jit = off");
			// If a deletion is lost in a crash, messages are sent twice, which consumers
			// tolerate.
			statement.execute("set synchronous_commit = off");
		}
		this.select = connection.prepareStatement("""
				select id, topic, msg_key, headers, payload from outbox o
				where parked_at is null and not exists (select from outbox p
					where p.parked_at is not null and p.topic = o.topic and p.msg_key = o.msg_key and p.id < o.id)
				order by id limit ?""");
		this.delete = connection.prepareStatement("delete from outbox where id = any (?)");
	}

	/** Becomes the leader if there is none. */
	boolean tryLead() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet result = statement.executeQuery(
						"select pg_try_advisory_lock(hashtextextended('outbox relay ' || current_schema(), 0))")) {
			result.next();
			return result.getBoolean(1);
		}
	}

	/** Whether the server still answers on this session. */
	boolean isAlive() throws SQLException {
		return this.connection.isValid(VALIDATION_SECONDS);
	}

	List<Row> oldest(int limit) throws SQLException {
		this.select.setInt(1, limit);
		try (ResultSet result = this.select.executeQuery()) {
			List<Row> rows = new ArrayList<>();
			while (result.next()) {
				rows.add(new Row(result.getLong(1), result.getString(2), result.getString(3),
						MessageJson.read(result.getString(4), HEADERS), result.getBytes(5)));
			}
			return rows;
		}
	}

	void delete(List<Long> ids) throws SQLException {
		if (!ids.isEmpty()) {
			this.delete.setArray(1, this.connection.createArrayOf("bigint", ids.toArray()));
			this.delete.executeUpdate();
		}
	}

	void park(long id, String cause) throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("update outbox set parked_at = now(), parked_cause = ? where id = ?")) {
			statement.setString(1, cause);
			statement.setLong(2, id);
			statement.executeUpdate();
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	/** A row to be sent. Rows of one topic and key keep their order; no key, no order. */
	@SuppressWarnings("ArrayRecordComponent")
	record Row(long id, String topic, @Nullable String key, Map<String, String> headers, byte @Nullable [] payload) {

		@Nullable OrderingKey orderingKey() {
			return (this.key != null) ? new OrderingKey(this.topic, this.key) : null;
		}

	}

	/** Rows with the same ordering key are sent in the order of their ids. */
	record OrderingKey(String topic, String key) {
	}

}
