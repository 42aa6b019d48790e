package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import dev.sagamart.platform.database.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Every step, attempt and compensation of every saga. */
@Repository
public class SagaJournal {

	private final JdbcClient jdbc;

	SagaJournal(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Writes entries with one statement. Their orders are locked by the caller. */
	void append(List<SagaStep> steps) {
		this.jdbc.sql("""
				INSERT INTO saga_step (order_id, sequence, at, service, type, state, detail, trace_id)
				SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
				""")
			.params(SqlArrays.column("uuid", steps, SagaStep::orderId),
					SqlArrays.column("int", steps, SagaStep::sequence),
					SqlArrays.column("timestamptz", steps, SagaStep::at),
					SqlArrays.column("text", steps, SagaStep::service), SqlArrays.column("text", steps, SagaStep::type),
					SqlArrays.column("text", steps, SagaStep::state), SqlArrays.column("text", steps, SagaStep::detail),
					SqlArrays.column("text", steps, SagaStep::traceId))
			.update();
	}

	/** The entries of an order in sequence, from {@code first} on, up to the limit. */
	public List<SagaStep> read(UUID orderId, int first, int limit) {
		return this.jdbc.sql("SELECT * FROM saga_step WHERE order_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?")
			.params(orderId, first, limit)
			.query(SagaJournal::step)
			.list();
	}

	/** The sequence number of the last entry of each of those orders. */
	public Map<UUID, Integer> lastSequences(Collection<UUID> orderIds) {
		Map<UUID, Integer> last = new HashMap<>();
		this.jdbc.sql("""
				SELECT order_id, max(sequence) AS last FROM saga_step WHERE order_id = ANY (?) GROUP BY order_id
				""").param(SqlArrays.uuids(orderIds)).query((row) -> {
			last.put(row.getObject("order_id", UUID.class), row.getInt("last"));
		});
		return last;
	}

	private static SagaStep step(ResultSet row, int number) throws SQLException {
		return new SagaStep(row.getObject("order_id", UUID.class), row.getInt("sequence"),
				row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("service"),
				Trigger.valueOf(row.getString("type")), OrderState.valueOf(row.getString("state")),
				row.getString("detail"), row.getString("trace_id"));
	}

}
