package dev.sagamart.simulator;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BooksTests {

	private static final String ORDER = "amount=100&currency=eur&confirm=true&payment_method=";

	@TempDir
	private Path directory;

	@Test
	void announcesEventsOnlyOfNewResults() throws Exception {
		AtomicInteger announced = new AtomicInteger();
		try (Books books = Books.open(this.directory, InstantSource.system())) {
			books.onEventDue(announced::incrementAndGet);
			assertThat(create(books, ORDER + "pm_card_visa", "key").status()).isEqualTo(200);
			assertThat(announced).hasValue(1);
			assertThat(create(books, ORDER + "pm_card_visa", "key").replayed()).isTrue();
			assertThat(create(books, "amount=-1&currency=eur", "other").status()).isEqualTo(400);
			assertThat(announced).hasValue(1);
			assertThat(create(books, ORDER + "pm_card_chargeDeclined", "third").status()).isEqualTo(402);
			assertThat(announced).hasValue(2);
		}
	}

	private static Reply create(Books books, String form, String key) throws InterruptedException {
		return books.post("/v1/payment_intents", Form.parse(form), key);
	}

}
