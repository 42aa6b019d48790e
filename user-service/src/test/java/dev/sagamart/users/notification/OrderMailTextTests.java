package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.mail.MailText;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class OrderMailTextTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "en-GB | 1999 | EUR | €19.99", "de-DE | 123456789 | EUR | 1.234.567,89 €",
			"en | 1999 | JPY | ¥1,999", "xx | 5 | EUR | € 0.05" })
	void writesAmountsAsTheReaderDoes(String locale, long amount, String currency, String written) {
		MailText text = OrderMailText.of(news(Kind.ORDER_CONFIRMED, new Money(amount, currency)), "Ann",
				Locale.forLanguageTag(locale));
		assertThat(text.body().replace('\u00a0', ' ')).contains(", " + written + " in total");
	}

	@ParameterizedTest
	@EnumSource
	void saysWhichOrderItIsAbout(Kind kind) {
		OrderNotification news = news(kind, null);
		MailText text = OrderMailText.of(news, "Ann", Locale.ENGLISH);
		assertThat(text.subject()).startsWith("Your order ");
		assertThat(text.body()).startsWith("Hello Ann,\n").contains("your order " + news.orderId() + " ");
	}

	@Test
	void saysSomethingElseAboutEachKind() {
		assertThat(java.util.Arrays.stream(Kind.values())
			.map((kind) -> OrderMailText.of(news(kind, null), "Ann", Locale.ENGLISH).subject()))
			.doesNotHaveDuplicates();
	}

	private static OrderNotification news(Kind kind, @Nullable Money total) {
		return new OrderNotification(UUID.randomUUID(), kind, UUID.randomUUID(), UUID.randomUUID(), total,
				Instant.now());
	}

}
