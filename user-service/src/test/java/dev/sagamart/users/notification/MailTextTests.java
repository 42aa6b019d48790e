package dev.sagamart.users.notification;

import dev.sagamart.events.Money;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notifications.Taken;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class MailTextTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "en-GB | 1999 | EUR | €19.99", "de-DE | 123456789 | EUR | 1.234.567,89 €",
			"en | 1999 | JPY | ¥1,999", "xx | 5 | EUR | € 0.05" })
	void writesAmountsAsTheReaderDoes(String locale, long amount, String currency, String written) {
		MailText text = MailText.of(taken(Kind.ORDER_CONFIRMED, new Money(amount, currency)), "Ann",
				Locale.forLanguageTag(locale));
		assertThat(text.body().replace('\u00a0', ' ')).contains(", " + written + " in total");
	}

	@ParameterizedTest
	@EnumSource
	void saysWhichOrderItIsAbout(Kind kind) {
		Taken notification = taken(kind, null);
		MailText text = MailText.of(notification, "Ann", Locale.ENGLISH);
		assertThat(text.subject()).startsWith("Your order ");
		assertThat(text.body()).startsWith("Hello Ann,\n").contains("your order " + notification.orderId() + " ");
	}

	@Test
	void saysSomethingElseAboutEachKind() {
		assertThat(java.util.Arrays.stream(Kind.values())
			.map((kind) -> MailText.of(taken(kind, null), "Ann", Locale.ENGLISH).subject())).doesNotHaveDuplicates();
	}

	private static Taken taken(Kind kind, @Nullable Money total) {
		return new Taken(UUID.randomUUID(), UUID.randomUUID(), kind, UUID.randomUUID(), total, 1);
	}

}
