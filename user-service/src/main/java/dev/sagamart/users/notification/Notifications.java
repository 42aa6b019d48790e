package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.retention.SurplusRows;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notification.Status;
import dev.sagamart.users.user.AccountErased;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The notifications of all users. They hold no personal data, only ids. */
@Repository
public class Notifications {

	private final JdbcClient jdbc;

	private final OldRows old;

	private final SurplusRows surplus;

	private final Clock clock;

	private final boolean sending;

	Notifications(JdbcTemplate jdbc, TransactionTemplate transaction, Clock clock,
			@Value("${spring.mail.host:}") String smtpHost) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "notification", "at");
		this.surplus = new SurplusRows(jdbc, transaction, "notification", "user_id", "id");
		this.clock = clock;
		this.sending = !smtpHost.isBlank();
	}

	/**
	 * A notification that an instance has taken to send it.
	 *
	 * @param attempt from 1
	 */
	record Taken(UUID id, UUID userId, Kind kind, UUID orderId, @Nullable Money total, int attempt) {
	}

	/** Whether there is a mail server. */
	boolean isSending() {
		return this.sending;
	}

	/**
	 * Notes what is to be told, in the current transaction and with one statement. Leaves
	 * out what was noted before, and users who are not or no longer known: their rows are
	 * locked against an erasure that is under way, and then looked at again.
	 */
	public void record(List<Occasion> occasions) {
		this.jdbc.sql("""
				INSERT INTO notification (id, user_id, order_id, kind, amount, currency, at, status, due_at)
				SELECT o.id, o.user_id, o.order_id, o.kind, o.amount, o.currency, o.at, ?, CASE WHEN ? THEN now() END
				FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[])
				     AS o (id, user_id, order_id, kind, amount, currency, at)
				JOIN app_user u ON u.id = o.user_id AND u.erased_at IS NULL
				FOR KEY SHARE OF u
				ON CONFLICT (id) DO NOTHING
				""")
			.params((this.sending ? Status.PENDING : Status.RECORDED).name(), this.sending,
					texts(occasions.stream().map(Occasion::eventId).toList()),
					texts(occasions.stream().map(Occasion::userId).toList()),
					texts(occasions.stream().map(Occasion::orderId).toList()),
					texts(occasions.stream().map(Occasion::kind).toList()),
					occasions.stream()
						.map((occasion) -> (occasion.total() != null) ? occasion.total().amount() : null)
						.toArray(Long[]::new),
					occasions.stream()
						.map((occasion) -> (occasion.total() != null) ? occasion.total().currency() : null)
						.toArray(String[]::new),
					texts(occasions.stream().map(Occasion::at).toList()))
			.update();
	}

	/** What a user was told, the latest first. */
	public List<Notification> page(UUID userId, @Nullable UUID after, int size) {
		return this.jdbc
			.sql("SELECT id, kind, order_id, at, status, sent_at FROM notification WHERE user_id = ?"
					+ " AND (?::uuid IS NULL OR id < ?::uuid) ORDER BY id DESC LIMIT ?")
			.param(userId)
			.param(after)
			.param(after)
			.param(size)
			.query((row, _) -> {
				OffsetDateTime sentAt = row.getObject("sent_at", OffsetDateTime.class);
				return new Notification(row.getObject("id", UUID.class), Kind.valueOf(row.getString("kind")),
						row.getObject("order_id", UUID.class), row.getObject("at", OffsetDateTime.class).toInstant(),
						Status.valueOf(row.getString("status")), (sentAt != null) ? sentAt.toInstant() : null);
			})
			.list();
	}

	/**
	 * Takes due notifications that no other instance has; they are due again after the
	 * lease, should this one die.
	 */
	List<Taken> take(int limit, Duration lease) {
		return this.jdbc.sql("""
				UPDATE notification SET attempts = attempts + 1, due_at = now() + make_interval(secs => ?)
				WHERE id IN (SELECT id FROM notification WHERE status = 'PENDING' AND due_at <= now()
				             ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)
				RETURNING id, user_id, kind, order_id, amount, currency, attempts
				""").params(lease.toMillis() / 1000.0, limit).query(Notifications::taken).list();
	}

	void sent(Collection<UUID> ids) {
		this.jdbc
			.sql("UPDATE notification SET status = 'SENT', sent_at = now(), due_at = NULL"
					+ " WHERE id = ANY (?::uuid[]) AND status = 'PENDING'")
			.param(texts(ids))
			.update();
	}

	void tryAgain(UUID id, Duration pause) {
		this.jdbc
			.sql("UPDATE notification SET due_at = now() + make_interval(secs => ?)"
					+ " WHERE id = ? AND status = 'PENDING'")
			.params(pause.toMillis() / 1000.0, id)
			.update();
	}

	void giveUp(UUID id) {
		this.jdbc.sql("UPDATE notification SET status = 'FAILED', due_at = NULL WHERE id = ? AND status = 'PENDING'")
			.param(id)
			.update();
	}

	/**
	 * Removes old ones, some at a time.
	 * @return whether there may be more
	 */
	boolean removeOld(Duration retention) {
		return this.old.removeUntil(this.clock.instant().minus(retention));
	}

	/** Leaves each user only so many, the latest. */
	void removeBeyond(int most) {
		this.surplus.removeBeyond(most);
	}

	@EventListener
	void forget(AccountErased erased) {
		this.jdbc.sql("DELETE FROM notification WHERE user_id = ?").param(erased.userId()).update();
	}

	private static String[] texts(Collection<?> values) {
		return values.stream().map(Object::toString).toArray(String[]::new);
	}

	private static Taken taken(ResultSet row, int number) throws SQLException {
		String currency = row.getString("currency");
		return new Taken(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class),
				Kind.valueOf(row.getString("kind")), row.getObject("order_id", UUID.class),
				(currency != null) ? new Money(row.getLong("amount"), currency) : null, row.getInt("attempts"));
	}

}
