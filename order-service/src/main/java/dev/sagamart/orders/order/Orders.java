package dev.sagamart.orders.order;

import jakarta.persistence.LockModeType;
import jakarta.persistence.QueryHint;
import jakarta.persistence.criteria.Predicate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;
import org.springframework.data.repository.Repository;

/** The orders. An order is locked before it is changed. */
public interface Orders extends Repository<Order, UUID>, JpaSpecificationExecutor<Order> {

	/** As a lock time-out: rows that another transaction has locked are skipped. */
	String SKIP_LOCKED = "-2";

	Order save(Order order);

	Optional<Order> findById(UUID id);

	/**
	 * Locks orders until the end of the transaction, in the order of their ids, so that
	 * two batches never wait for each other in a circle.
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	List<Order> findByIdInOrderById(Collection<UUID> ids);

	/**
	 * Locks orders whose deadline has passed, the longest overdue first, and skips those
	 * that another transaction has locked.
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@QueryHints(@QueryHint(name = "jakarta.persistence.lock.timeout", value = SKIP_LOCKED))
	@Query("select o from Order o where o.deadline < instant order by o.deadline")
	List<Order> findOverdue(Limit limit);

	/**
	 * Orders, newest first.
	 * @param userId whose, or {@code null} for everybody's
	 * @param status of which status, or {@code null} for any
	 * @param before the last order of the page before, or {@code null} for the first page
	 */
	default List<Order> list(@Nullable UUID userId, @Nullable OrderStatus status, @Nullable UUID before, int limit) {
		Specification<Order> wanted = (order, _, criteria) -> {
			List<Predicate> all = new ArrayList<>();
			if (userId != null) {
				all.add(criteria.equal(order.get("userId"), userId));
			}
			if (status != null) {
				List<OrderState> states = OrderState.of(status);
				// Redundant, but it lets the planner use the index of either kind. The
				// states are literals, since the best index depends on how rare they are.
				all.add(states.getFirst().isWaiting() ? order.get("deadline").isNotNull()
						: order.get("deadline").isNull());
				all.add(order.get("state").in(states.stream().map(criteria::literal).toArray()));
			}
			if (before != null) {
				all.add(criteria.lessThan(order.get("id"), before));
			}
			return criteria.and(all);
		};
		return findBy(wanted, (query) -> query.sortBy(Sort.by(Sort.Direction.DESC, "id")).limit(limit).all());
	}

	/** Whether a buyer may place an order, and the time by the clock of the database. */
	@NativeQuery("""
			SELECT EXISTS (SELECT FROM erased_user WHERE user_id = :user) AS erased,
			       (SELECT count(*) >= :openOrders OR coalesce(sum(units), 0) > :openUnits
			        FROM orders WHERE user_id = :user AND deadline IS NOT NULL) AS tooManyOpen,
			       (SELECT count(*) >= :declines OR count(DISTINCT payment_method) >= :declinedMethods
			        FROM orders WHERE user_id = :user AND failure_code = 'PAYMENT_DECLINED'
			                      AND updated_at > now() - make_interval(secs => :window)) AS tooManyDeclines,
			       clock_timestamp() AS now
			""")
	Buyer findBuyer(UUID user, int openOrders, int openUnits, int declines, int declinedMethods, long window);

	/** Whether a buyer exceeds a limit. */
	record Buyer(boolean erased, boolean tooManyOpen, boolean tooManyDeclines, Instant now) {
	}

	/**
	 * Takes the addresses out of a user's orders, except those that still have to be
	 * sent; the country stays, for the books. Leaves out orders that somebody is busy
	 * with, and takes a thousand at most.
	 */
	@Modifying
	@NativeQuery("UPDATE orders SET " + StoredAddress.REMOVE + " WHERE id IN (SELECT id FROM orders"
			+ " WHERE user_id = :user AND state IN (:done) AND " + StoredAddress.PRESENT
			+ " LIMIT 1000 FOR UPDATE SKIP LOCKED)")
	void removeAddresses(UUID user, Collection<String> done);

	@NativeQuery("SELECT EXISTS (SELECT FROM orders WHERE user_id = :user AND " + StoredAddress.PRESENT + ")")
	boolean hasAddresses(UUID user);

}
