package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Creates the books of many orders within seconds. Each order has an authorisation and a
 * capture, both with a key and an event; every tenth order has a refund. The orders are
 * spread over almost a month.
 */
final class BooksFixtures {

	private BooksFixtures() {
	}

	static void orders(int count, Path directory) throws IOException {
		Books.open(Files.createDirectories(directory), Instant::now).close();
		long now = Instant.now().getEpochSecond();
		long first = now - 29 * 86_400;
		try (Database database = Database.open(directory.resolve("books.db"))) {
			database.execute("PRAGMA synchronous = OFF");
			database.execute("PRAGMA cache_size = -65536");
			database.execute("BEGIN");
			database.execute("""
					WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$d)
					INSERT INTO intent SELECT i, 'pi_' || lower(hex(randomblob(12))), %2$d + i * %3$d / %1$d,
					  100 + i %% 9000, 'eur', 1,
					  'order_id=' || printf('%%08x-0000-7000-8000-%%012x', i, i) || '&payment_id=' || i,
					  1, 'SUCCEEDED', 'pm_card_visa', 100 + i %% 9000, iif(i %% 10 = 0, 50, 0), NULL, 0, NULL FROM n
					""".formatted(count, first, now - first));
			database.execute("INSERT INTO metadata SELECT 'order_id', substr(metadata, 10, 36), number FROM intent");
			database.execute("INSERT INTO metadata SELECT 'payment_id', number, number FROM intent");
			database.execute("""
					INSERT INTO refund SELECT number / 10, 're_' || lower(hex(randomblob(12))), number, created, 50,
					  'requested_by_customer', '' FROM intent WHERE number % 10 = 0
					""");
			change("2 * number", "payment_intent.amount_capturable_updated", "REQUIRES_CAPTURE", "0", database);
			change("2 * number + 1", "payment_intent.succeeded", "SUCCEEDED", "amount", database);
			database.execute("""
					INSERT INTO answer SELECT number, created, printf('%08x-0000-7000-8000-%012x:%d', number, number,
					  number % 2), 1 FROM change
					""");
			database.execute("COMMIT");
		}
	}

	private static void change(String number, String type, String status, String captured, Database database) {
		database.execute("INSERT INTO change SELECT " + number
				+ ", created, number, NULL, NULL, 'evt_' || lower(hex(randomblob(12))), '" + type + "', '" + status
				+ "', method, " + captured + ", 0, NULL, 0, NULL FROM intent");
	}

}
