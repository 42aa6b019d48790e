package dev.sagamart.users.notification;

import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.platform.retention.OldRows;
import dev.sagamart.platform.retention.SurplusRows;
import dev.sagamart.users.mail.Allowance;
import dev.sagamart.users.mail.Draft;
import dev.sagamart.users.mail.MailServer;
import dev.sagamart.users.mail.MailSource;
import dev.sagamart.users.notification.Notification.Status;
import dev.sagamart.users.user.AccountErased;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.AddressBook;
import dev.sagamart.users.user.EmailConfirmed;
import dev.sagamart.users.user.User;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The notifications of users about their orders, as a list and by mail. */
@Service
public class Notifications implements MailSource {

	/** Older events are not sent by mail. */
	private static final Duration NEWS = Duration.ofDays(1);

	private static final UUID GREATEST_ID = new UUID(-1, -1);

	private final StoredNotifications notifications;

	private final JdbcClient jdbc;

	private final OldRows old;

	private final SurplusRows surplus;

	private final Accounts accounts;

	private final AddressBook addressBook;

	private final MailServer mailServer;

	private final NotificationProperties properties;

	private final Clock clock;

	Notifications(StoredNotifications notifications, JdbcTemplate jdbc, TransactionTemplate transaction,
			Accounts accounts, AddressBook addressBook, MailServer mailServer, NotificationProperties properties,
			Clock clock) {
		this.notifications = notifications;
		this.jdbc = JdbcClient.create(jdbc);
		this.old = new OldRows(jdbc, "notification", "at");
		this.surplus = new SurplusRows(jdbc, transaction, "notification", "user_id", "id");
		this.accounts = accounts;
		this.addressBook = addressBook;
		this.mailServer = mailServer;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Stores notifications in the current transaction with one statement, except those
	 * that are stored already and those of unknown or erased users. The users are locked
	 * in the order of their ids and then read again, because an erasure or a confirmation
	 * may be in progress. Notifications wait until the address is confirmed.
	 */
	public void record(List<OrderNotification> news) {
		boolean mailed = this.mailServer.isThere();
		this.jdbc.sql("""
				insert into notification (id, user_id, order_id, kind, amount, currency, at, status, due_at)
				select n.*, ?, case when ? then case when u.email_confirmed then now() else 'infinity' end end
				from unnest(?, ?, ?, ?, ?, ?, ?) as n (id, user_id, order_id, kind, amount, currency, at)
				join app_user u on u.id = n.user_id and u.erased_at is null
				order by u.id for share of u
				on conflict (id) do nothing""")
			.params((mailed ? Status.PENDING : Status.RECORDED).name(), mailed,
					SqlArrays.column("uuid", news, OrderNotification::id),
					SqlArrays.column("uuid", news, OrderNotification::userId),
					SqlArrays.column("uuid", news, OrderNotification::orderId),
					SqlArrays.column("text", news, OrderNotification::kind),
					SqlArrays.column("bigint", news, (one) -> (one.total() != null) ? one.total().amount() : null),
					SqlArrays.column("text", news, (one) -> (one.total() != null) ? one.total().currency() : null),
					SqlArrays.column("timestamptz", news, OrderNotification::at))
			.update();
	}

	/** The notifications of a user, latest first. */
	public List<Notification> page(UUID userId, @Nullable UUID after, int size) {
		return this.notifications.page(userId, (after != null) ? after : GREATEST_ID, Limit.of(size));
	}

	@Override
	public String table() {
		return "notification";
	}

	@Override
	public Optional<Draft> draft(UUID id) {
		return this.notifications.findById(id)
			.flatMap((news) -> this.accounts.find(news.userId()).map((user) -> draft(news, user)));
	}

	private Draft draft(OrderNotification news, User user) {
		return new Draft(user.email(), Allowance.ORDERS, () -> OrderMailText.of(news, user.name(),
				Locale.forLanguageTag(this.addressBook.preferences(user.id()).locale())));
	}

	/** Sends the mails that waited for the confirmation, unless they are too old. */
	@EventListener
	void send(EmailConfirmed confirmed) {
		this.notifications.release(confirmed.userId(), this.clock.instant().minus(NEWS));
	}

	@EventListener
	void forget(AccountErased erased) {
		this.notifications.removeAll(erased.user().id());
	}

	@Scheduled(fixedRateString = "PT1H", initialDelayString = "PT2M")
	void removeOld() {
		boolean more = true;
		while (more) {
			more = this.old.removeUntil(this.clock.instant().minus(this.properties.retention()));
		}
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT3M")
	void removeSurplus() {
		this.surplus.removeBeyond(this.properties.maxPerUser());
	}

}
