package dev.sagamart.users.notification;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface StoredNotifications extends Repository<OrderNotification, UUID> {

	/**
	 * Adds notifications with one statement, except those that are stored already and
	 * those of unknown or erased users. The users are locked in the order of their ids
	 * and then read again, because an erasure or a confirmation may be in progress.
	 * Notifications wait until the address is confirmed.
	 */
	@Modifying
	@NativeQuery("""
			insert into notification (id, user_id, order_id, kind, amount, currency, at, status, due_at)
			select n.id, n.user_id, n.order_id, n.kind, n.amount, n.currency, n.at, :status,
				case when :mailed then case when u.email_confirmed then now() else 'infinity' end end
			from unnest(cast(:ids as uuid[]), cast(:userIds as uuid[]), cast(:orderIds as uuid[]), cast(:kinds as text[]),
				cast(:amounts as bigint[]), cast(:currencies as text[]), cast(:times as timestamptz[]))
				as n (id, user_id, order_id, kind, amount, currency, at)
			join app_user u on u.id = n.user_id and u.erased_at is null
			order by u.id for share of u
			on conflict (id) do nothing""")
	void add(String status, boolean mailed, String[] ids, String[] userIds, String[] orderIds, String[] kinds,
			@Nullable String[] amounts, @Nullable String[] currencies, String[] times);

	@Query("""
			select n.id, n.kind, n.orderId, n.at, n.status, n.sentAt from OrderNotification n
			where n.userId = :userId and n.id < :before order by n.id desc""")
	List<Notification> page(UUID userId, UUID before, Limit limit);

	@Query("select n from OrderNotification n where n.id = :id")
	Optional<OrderNotification> find(UUID id);

	/**
	 * Releases the mails that waited for the confirmation of the address, unless they are
	 * too old.
	 */
	@Modifying
	@NativeQuery("""
			update notification set status = case when at > :since then 'PENDING' else 'RECORDED' end,
				due_at = case when at > :since then now() end
			where user_id = :userId and status = 'PENDING' and due_at = 'infinity'""")
	void release(UUID userId, Instant since);

	@Modifying
	@Query("delete from OrderNotification n where n.userId = :userId")
	void removeAll(UUID userId);

}
