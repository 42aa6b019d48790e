package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.notification.Notifications.Taken;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** What a mail says: English, with amounts as the reader writes them. */
record MailText(String subject, String body) {

	static MailText of(Taken notification, String name, Locale locale) {
		return switch (notification.kind()) {
			case ORDER_CONFIRMED -> about(notification, name, "Your order is confirmed",
					"is confirmed" + total(notification, locale) + ". We will tell you when it leaves.");
			case ORDER_REJECTED -> about(notification, name, "Your order could not be accepted",
					"could not be accepted, and will not be charged.");
			case ORDER_CANCELLED -> about(notification, name, "Your order is cancelled",
					"is cancelled. Whatever you have paid for it is on its way back to you.");
			case ORDER_SHIPPED -> about(notification, name, "Your order is on its way", "is on its way to you.");
			case ORDER_DELIVERED -> about(notification, name, "Your order was delivered", "was delivered.");
		};
	}

	private static MailText about(Taken notification, String name, String subject, String sentence) {
		return new MailText(subject,
				"Hello " + name + ",\n\nyour order " + notification.orderId() + " " + sentence + "\n\nSagamart\n");
	}

	private static String total(Taken notification, Locale locale) {
		Money total = notification.total();
		if (total == null) {
			return "";
		}
		Currency currency = Currency.getInstance(total.currency());
		int digits = currency.getDefaultFractionDigits();
		NumberFormat format = NumberFormat.getCurrencyInstance(locale);
		format.setCurrency(currency);
		format.setMinimumFractionDigits(digits);
		format.setMaximumFractionDigits(digits);
		return ", " + format.format(BigDecimal.valueOf(total.amount(), digits)) + " in total";
	}

}
