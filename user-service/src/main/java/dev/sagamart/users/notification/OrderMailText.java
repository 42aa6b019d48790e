package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.mail.MailText;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** The texts of mails about orders, with amounts in the locale of the user. */
final class OrderMailText {

	private OrderMailText() {
	}

	static MailText of(OrderNotification news, String name, Locale locale) {
		return MailText.of(news.kind(), name, news.orderId(), total(news, locale));
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
