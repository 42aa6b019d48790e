package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
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
		this.jdbc
			.sql("""
					INSERT INTO saga_step (order_id, sequence, at, service, type, state, detail, trace_id)
					SELECT * FROM unnest(?::uuid[], ?::int[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
					""")
			.params(steps.stream().map((step) -> step.orderId().toString()).toArray(String[]::new),
					steps.stream().map(SagaStep::sequence).toArray(Integer[]::new),
					steps.stream().map((step) -> step.at().toString()).toArray(String[]::new),
					steps.stream().map(SagaStep::service).toArray(String[]::new),
					steps.stream().map((step) -> step.type().name()).toArray(String[]::new),
					steps.stream().map((step) -> step.state().name()).toArray(String[]::new),
					steps.stream().map(SagaStep::detail).toArray(String[]::new),
					steps.stream().map(SagaStep::traceId).toArray(String[]::new))
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
				SELECT order_id, max(sequence) AS last FROM saga_step WHERE order_id = ANY (?::uuid[]) GROUP BY order_id
				""").param(orderIds.stream().map(UUID::toString).toArray(String[]::new)).query((row) -> {
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
