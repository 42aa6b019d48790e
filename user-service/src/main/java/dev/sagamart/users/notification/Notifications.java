package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.retention.SurplusRows;
import dev.sagamart.users.mail.MailServer;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notification.Status;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.EmailConfirmed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The notifications of all users. They hold no personal data, only ids. */
@Repository
public class Notifications {

	/** For how long it is worth a mail that something happened. */
	private static final Duration NEWS = Duration.ofDays(1);

	private final JdbcClient jdbc;

	private final OldRows old;

	private final SurplusRows surplus;

	private final Clock clock;

	private final MailServer mailServer;

	Notifications(JdbcTemplate jdbc, TransactionTemplate transaction, Clock clock, MailServer mailServer) {
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "notification", "at");
		this.surplus = new SurplusRows(jdbc, transaction, "notification", "user_id", "id");
		this.clock = clock;
		this.mailServer = mailServer;
	}

	/**
	 * Notes what is to be told, in the current transaction and with one statement. Leaves
	 * out what was noted before, and users who are not or no longer known: their rows are
	 * locked, in the order of their ids, against an erasure or a confirmation that is
	 * under way, and then looked at again. What is for an address that is not confirmed
	 * waits for that.
	 */
	public void record(List<Occasion> occasions) {
		this.jdbc.sql("""
				INSERT INTO notification (id, user_id, order_id, kind, amount, currency, at, status, due_at)
				SELECT o.id, o.user_id, o.order_id, o.kind, o.amount, o.currency, o.at, ?,
				       CASE WHEN ? THEN CASE WHEN u.email_confirmed THEN now() ELSE 'infinity' END END
				FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::timestamptz[])
				     AS o (id, user_id, order_id, kind, amount, currency, at)
				JOIN app_user u ON u.id = o.user_id AND u.erased_at IS NULL
				ORDER BY u.id FOR SHARE OF u
				ON CONFLICT (id) DO NOTHING
				""")
			.params((this.mailServer.isThere() ? Status.PENDING : Status.RECORDED).name(), this.mailServer.isThere(),
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

	Optional<Occasion> find(UUID id) {
		return this.jdbc.sql("SELECT id, user_id, kind, order_id, amount, currency, at FROM notification WHERE id = ?")
			.param(id)
			.query(Notifications::occasion)
			.optional();
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

	/** What has waited for that is sent now, unless it is no news any more. */
	@EventListener
	void send(EmailConfirmed confirmed) {
		this.jdbc
			.sql("UPDATE notification SET status = CASE WHEN at > :since THEN 'PENDING' ELSE 'RECORDED' END,"
					+ " due_at = CASE WHEN at > :since THEN now() END"
					+ " WHERE user_id = :userId AND status = 'PENDING' AND due_at = 'infinity'")
			.param("since", this.clock.instant().minus(NEWS).atOffset(ZoneOffset.UTC))
			.param("userId", confirmed.userId())
			.update();
	}

	@EventListener
	void forget(AccountErased erased) {
		this.jdbc.sql("DELETE FROM notification WHERE user_id = ?").param(erased.userId()).update();
	}

	private static String[] texts(Collection<?> values) {
		return values.stream().map(Object::toString).toArray(String[]::new);
	}

	private static Occasion occasion(ResultSet row, int number) throws SQLException {
		String currency = row.getString("currency");
		return new Occasion(row.getObject("id", UUID.class), Kind.valueOf(row.getString("kind")),
				row.getObject("user_id", UUID.class), row.getObject("order_id", UUID.class),
				(currency != null) ? new Money(row.getLong("amount"), currency) : null,
				row.getObject("at", OffsetDateTime.class).toInstant());
	}

}
