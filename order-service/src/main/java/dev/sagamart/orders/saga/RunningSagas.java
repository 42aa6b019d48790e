package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The sagas that have not ended, for operators. */
@Repository
public class RunningSagas {

	/** Many attempts without an answer, or a passed deadline that nobody handles. */
	private static final String STUCK = "(attempts >= :stuckAfter OR deadline < now() - interval '1 minute')";

	private static final String MATCHING = """
			FROM orders
			WHERE deadline IS NOT NULL
			  AND (id > :after OR CAST(:after AS uuid) IS NULL)
			  AND (state = :state OR CAST(:state AS text) IS NULL)
			  AND (failure_code = :reason OR CAST(:reason AS text) IS NULL)
			  AND created_at <= now() - make_interval(secs => :age)
			  AND (NOT :stuck OR %s)
			ORDER BY id LIMIT :limit
			""".formatted(STUCK);

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
	public List<RunningSaga> list(SagaFilter filter, @Nullable UUID after, int limit) {
		return matching("""
				SELECT id AS order_id, state, floor(extract(epoch FROM now() - created_at)) AS age_seconds, attempts,
				       deadline, %s AS stuck, failure_code AS reason,
				       (SELECT concat_ws(': ', type, nullif(detail, '')) FROM saga_step
				        WHERE order_id = id AND type <> 'DEADLINE_PASSED' ORDER BY sequence DESC LIMIT 1) AS last_heard
				""".formatted(STUCK) + MATCHING, filter, after, limit)
			.query(new SimplePropertyRowMapper<>(RunningSaga.class))
			.list();
	}

	/** Locks running sagas in the order of their ids, and returns these. */
	List<UUID> lock(SagaFilter filter, @Nullable UUID after, int limit) {
		return matching("SELECT id " + MATCHING + " FOR UPDATE", filter, after, limit)
			.query((row, _) -> row.getObject(1, UUID.class))
			.list();
	}

	private StatementSpec matching(String sql, SagaFilter filter, @Nullable UUID after, int limit) {
		return this.jdbc.sql(sql)
			.param("after", after)
			.param("state", (filter.state() != null) ? filter.state().name() : null)
			.param("reason", (filter.reason() != null) ? filter.reason().name() : null)
			.param("age", (filter.olderThan() != null) ? filter.olderThan().toSeconds() : 0)
			.param("stuck", filter.stuck())
			.param("stuckAfter", this.stuckAfter)
			.param("limit", limit);
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
			.param("stuckAfter", this.stuckAfter)
			.query(Long.class)
			.single();
	}

}
