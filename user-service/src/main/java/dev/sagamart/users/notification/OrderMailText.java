package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.mail.MailText;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/**
 * The texts of mails about orders: in English, with amounts in the locale of the user.
 */
final class OrderMailText {

	private OrderMailText() {
	}

	static MailText of(OrderNotification news, String name, Locale locale) {
		return switch (news.kind()) {
			case ORDER_CONFIRMED -> about(news, name, "Your order is confirmed",
					"is confirmed" + total(news, locale) + ". We will tell you when it leaves.");
			case ORDER_REJECTED -> about(news, name, "Your order could not be accepted",
					"could not be accepted, and will not be charged.");
			case ORDER_CANCELLED -> about(news, name, "Your order is cancelled",
					"is cancelled. Whatever you have paid for it is on its way back to you.");
			case ORDER_SHIPPED -> about(news, name, "Your order is on its way", "is on its way to you.");
			case ORDER_DELIVERED -> about(news, name, "Your order was delivered", "was delivered.");
		};
	}

	private static MailText about(OrderNotification news, String name, String subject, String sentence) {
		return new MailText(subject,
				"Hello " + name + ",\n\nyour order " + news.orderId() + " " + sentence + "\n\nSagamart\n");
	}

	private static String total(OrderNotification news, Locale locale) {
		Money total = news.total();
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
