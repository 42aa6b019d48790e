package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The sagas that have not ended, for operators. */
@Repository
public class RunningSagas {

	/** Many attempts without an answer, or a passed deadline that nobody handles. */
	private static final String STUCK = "(attempts >= ? OR deadline < now() - interval '1 minute')";

	private final JdbcClient jdbc;

	private final int stuckAfter;

	RunningSagas(JdbcClient jdbc, SagaProperties properties) {
		this.jdbc = jdbc;
		this.stuckAfter = properties.stuckAfter();
	}

	/**
	 * Running sagas, oldest first.
	 * @param after the last one of the page before, or {@code null} for the first page
	 */
	public List<RunningSaga> list(@Nullable OrderState state, boolean stuckOnly, @Nullable UUID after, int limit) {
		StringBuilder sql = new StringBuilder(
				"""
						SELECT id, state, extract(epoch FROM now() - created_at) AS age, attempts, deadline, attempts >= ? AS stuck,
						       (SELECT concat_ws(': ', type, nullif(detail, '')) FROM saga_step
						        WHERE order_id = id AND type <> 'DEADLINE_PASSED' ORDER BY sequence DESC LIMIT 1) AS heard
						FROM orders
						WHERE deadline IS NOT NULL
						""");
		List<Object> params = new ArrayList<>();
		params.add(this.stuckAfter);
		if (state != null) {
			sql.append(" AND state = ?");
			params.add(state.name());
		}
		if (stuckOnly) {
			sql.append(" AND ").append(STUCK);
			params.add(this.stuckAfter);
		}
		if (after != null) {
			sql.append(" AND id > ?");
			params.add(after);
		}
		params.add(limit);
		return this.jdbc.sql(sql.append(" ORDER BY id LIMIT ?").toString())
			.params(params)
			.query(RunningSagas::saga)
			.list();
	}

	/** How many sagas wait in which state. */
	Map<OrderState, Long> countByState() {
		Map<OrderState, Long> counts = new EnumMap<>(OrderState.class);
		this.jdbc.sql("SELECT state, count(*) FROM orders WHERE deadline IS NOT NULL GROUP BY state").query((row) -> {
			counts.put(OrderState.valueOf(row.getString(1)), row.getLong(2));
		});
		return counts;
	}

	long countStuck() {
		return this.jdbc.sql("SELECT count(*) FROM orders WHERE deadline IS NOT NULL AND " + STUCK)
			.param(this.stuckAfter)
			.query(Long.class)
			.single();
	}

	private static RunningSaga saga(ResultSet row, int number) throws SQLException {
		return new RunningSaga(row.getObject("id", UUID.class), OrderState.valueOf(row.getString("state")),
				Duration.ofMillis(Math.round(row.getDouble("age") * 1000)), row.getInt("attempts"),
				row.getObject("deadline", OffsetDateTime.class).toInstant(), row.getBoolean("stuck"),
				row.getString("heard"));
	}

}
