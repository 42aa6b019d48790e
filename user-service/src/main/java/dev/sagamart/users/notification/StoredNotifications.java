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

	@Query("""
			select n.id, n.kind, n.orderId, n.at, n.status, n.sentAt from OrderNotification n
			where n.userId = :userId and n.id < :before order by n.id desc""")
	List<Notification> page(UUID userId, UUID before, Limit limit);

	Optional<OrderNotification> findById(UUID id);

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
