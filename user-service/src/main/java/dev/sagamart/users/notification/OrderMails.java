package dev.sagamart.users.notification;

import dev.sagamart.users.mail.Allowance;
import dev.sagamart.users.mail.Draft;
import dev.sagamart.users.mail.MailSource;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.AddressBook;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Writes notifications as mails, and removes those that have had their time. */
@Component
class OrderMails implements MailSource {

	private final Notifications notifications;

	private final Accounts accounts;

	private final AddressBook addressBook;

	private final NotificationProperties properties;

	OrderMails(Notifications notifications, Accounts accounts, AddressBook addressBook,
			NotificationProperties properties) {
		this.notifications = notifications;
		this.accounts = accounts;
		this.addressBook = addressBook;
		this.properties = properties;
	}

	@Override
	public String table() {
		return "notification";
	}

	@Override
	public Optional<Draft> draft(UUID id) {
		return this.notifications.find(id)
			.flatMap((occasion) -> this.accounts.find(occasion.userId()).map((user) -> draft(occasion, user)));
	}

	private Draft draft(Occasion occasion, User user) {
		return new Draft(EmailAddress.of(user.email()).orElseThrow(), Allowance.ORDERS, () -> OrderMailText.of(occasion,
				user.name(), Locale.forLanguageTag(this.addressBook.preferences(user.id()).locale())));
	}

	@Scheduled(fixedRateString = "PT1H", initialDelayString = "PT2M")
	void removeOld() {
		boolean more = true;
		while (more) {
			more = this.notifications.removeOld(this.properties.retention());
		}
	}

	@Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT3M")
	void removeSurplus() {
		this.notifications.removeBeyond(this.properties.maxPerUser());
	}

}
