package dev.sagamart.orders.erasure;

import dev.sagamart.orders.cart.Carts;
import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.order.Orders;
import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.platform.web.IdempotentRequests;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the personal data of erased users: the cart, recorded answers, and the
 * addresses of orders. The orders themselves stay for the accounts.
 * <p>
 * An open order keeps its address until the parcel has left or nothing will be sent: the
 * buyer has paid for it. So an erased user is checked again until no address is left and
 * all their access tokens have expired. New orders of an erased user are refused; data
 * that is stored at the moment of the erasure is removed by the next check.
 */
@Component
public class ErasedUsers {

	private static final int BATCH = 20;

	private final JdbcClient jdbc;

	private final Orders orders;

	private final Carts carts;

	private final IdempotentRequests idempotentRequests;

	private final ErasureProperties properties;

	private final TransactionTemplate transaction;

	ErasedUsers(JdbcClient jdbc, Orders orders, Carts carts, IdempotentRequests idempotentRequests,
			ErasureProperties properties, TransactionTemplate transaction) {
		this.jdbc = jdbc;
		this.orders = orders;
		this.carts = carts;
		this.idempotentRequests = idempotentRequests;
		this.properties = properties;
		this.transaction = transaction;
	}

	/** Records erased users; their data is removed soon afterwards. */
	public void add(Collection<UUID> userIds) {
		this.jdbc.sql("""
				INSERT INTO erased_user (user_id, erased_at, due_at)
				SELECT id, now(), now() FROM unnest(?) AS id ORDER BY id
				ON CONFLICT DO NOTHING
				""").param(SqlArrays.uuids(userIds)).update();
	}

	@Scheduled(fixedDelayString = "${sagamart.erasure.sweep-interval:PT5S}")
	void sweep() {
		boolean more = true;
		while (more) {
			more = Boolean.TRUE.equals(this.transaction.execute((status) -> forgetSome()));
		}
	}

	private boolean forgetSome() {
		List<UUID> due = this.jdbc
			.sql("SELECT user_id FROM erased_user WHERE due_at <= now() ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED")
			.param(BATCH)
			.query((row, _) -> row.getObject("user_id", UUID.class))
			.list();
		due.forEach(this::forget);
		return due.size() == BATCH;
	}

	private void forget(UUID userId) {
		this.carts.empty(userId);
		this.idempotentRequests.forget(userId);
		this.orders.removeAddresses(userId, OrderState.doneWithAddress());
		boolean anonymous = !this.orders.hasAddresses(userId);
		this.jdbc.sql(
				"UPDATE erased_user SET due_at = CASE WHEN ? AND erased_at < now() - make_interval(secs => ?) THEN NULL"
						+ " ELSE now() + make_interval(secs => ?) END WHERE user_id = ?")
			.params(anonymous, this.properties.watch().toMillis() / 1000.0, this.properties.again().toMillis() / 1000.0,
					userId)
			.update();
	}

}
