package dev.sagamart.payments.payment;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.payments.PaymentServiceTest;
import dev.sagamart.platform.test.TableReads;
import dev.sagamart.platform.test.TestPostgres;
import dev.sagamart.platform.test.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cost of a payment does not depend on the number of earlier payments. The test
 * counts reads of the database instead of measuring time.
 */
@Tag("slow")
class PaymentHistoryIntegrationTests extends PaymentServiceTest {

	private static final List<String> GROWING = List.of("payment", "operation", "ledger_entry", "inbox");

	private static final int PAYMENTS = 10;

	/** An allowance for the reads of scheduled jobs. */
	private static final long TOLERANCE = 20;

	@Autowired
	private HikariDataSource pool;

	@AfterEach
	void deleteHistory() throws SQLException {
		history(0);
		try (Connection connection = TestServers.postgres().connect("payments");
				Statement statement = connection.createStatement()) {
			for (String table : GROWING) {
				statement.execute("ALTER TABLE " + table + " RESET (autovacuum_enabled)");
			}
		}
	}

	@Test
	void aPaymentCostsTheSameAfterTwoHundredThousandOthers() throws SQLException {
		round();
		history(20_000);
		Map<String, TableReads> few = minimumOfThreeRounds();
		history(200_000);
		Map<String, TableReads> many = new HashMap<>();
		// On a slow machine, more of these jobs run during a round.
		Awaitility.await().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
			readsOfARound().forEach((table, reads) -> many.merge(table, reads, TableReads::least));
			assertEqualCost(few, many);
		});
	}

	private static void assertEqualCost(Map<String, TableReads> few, Map<String, TableReads> many) {
		for (String table : GROWING) {
			TableReads before = few.get(table);
			TableReads after = many.get(table);
			assertThat(after.sequentially()).as(table + " is not read from end to end").isZero();
			assertThat(after.byIndex()).as("rows of %s: %s, %s", table, before, after)
				.isLessThanOrEqualTo(before.byIndex() + before.byIndex() / 10 + TOLERANCE);
			assertThat(after.pages()).as("pages of %s: %s, %s", table, before, after)
				.isLessThanOrEqualTo(before.pages() + before.pages() / 10 + TOLERANCE);
		}
	}

	private Map<String, TableReads> minimumOfThreeRounds() throws SQLException {
		Map<String, TableReads> minimum = readsOfARound();
		for (int i = 0; i < 2; i++) {
			readsOfARound().forEach((table, reads) -> minimum.merge(table, reads, TableReads::least));
		}
		return minimum;
	}

	private void round() {
		for (int i = 0; i < PAYMENTS; i++) {
			UUID order = captured();
			get(admin(), "/api/v1/payments?orderId={order}", order);
		}
	}

	private Map<String, TableReads> readsOfARound() throws SQLException {
		Map<String, TableReads> before = TestServers.postgres().reads("payments", this.pool);
		round();
		Map<String, TableReads> reads = new HashMap<>();
		TestServers.postgres()
			.reads("payments", this.pool)
			.forEach((table, after) -> reads.put(table, after.minus(before.get(table))));
		return reads;
	}

	/** Replaces all data with that many captured payments. */
	private static void history(int payments) throws SQLException {
		try (Connection connection = TestServers.postgres().connectAsSuperuser();
				Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = payments");
			// Disables the trigger that protects the ledger from deletions.
			statement.execute("SET session_replication_role = replica");
			TestPostgres.truncate(statement, GROWING);
			statement.execute(
					"""
							INSERT INTO payment
							SELECT uuidv7(make_interval(secs => n - %1$d)), gen_random_uuid(), md5((n %% 5000)::text)::uuid, 1999,
							       'EUR', 'pm_card_visa', 'CAPTURED', false, 1999, 0, 0, 'pi_history_' || n, NULL, 2,
							       now() + make_interval(secs => n - %1$d), now() + make_interval(secs => n - %1$d)
							FROM generate_series(1, %1$d) n"""
						.formatted(payments));
			statement.execute(
					"""
							INSERT INTO operation (payment_id, kind, amount, outcome, attempts, due_at, correlation_id, created_at,
							                       finished_at)
							SELECT id, kind, 1999, 'DONE', 1, created_at, 'history', created_at, updated_at
							FROM payment, unnest(ARRAY['AUTHORISE', 'CAPTURE']) kind""");
			statement.execute("""
					INSERT INTO ledger_entry (operation_id, payment_id, debit, credit, amount, currency, booked_at)
					SELECT o.id, o.payment_id, e.debit, e.credit, 1999, 'EUR', o.finished_at
					FROM operation o JOIN (VALUES ('AUTHORISE', 'HELD', 'COMMITTED'), ('CAPTURE', 'COMMITTED', 'HELD'),
					                              ('CAPTURE', 'PROVIDER', 'SALES')) e (kind, debit, credit)
					     ON e.kind = o.kind""");
			statement.execute("""
					INSERT INTO inbox SELECT 'payment-service', uuidv7(created_at - now()), created_at
					FROM payment, generate_series(1, 2)""");
			for (String table : GROWING) {
				// Otherwise the reads of autovacuum would be counted, too.
				statement.execute("ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
				statement.execute("VACUUM ANALYZE " + table);
			}
		}
	}

}
