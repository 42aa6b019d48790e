package dev.sagamart.payments.reconciliation;

import com.stripe.StripeClient;
import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.events.Money;
import dev.sagamart.payments.provider.ProviderBooks;
import dev.sagamart.payments.provider.ProviderCharge;
import dev.sagamart.platform.test.TestServers;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Reconciles books with many payments over a pool with one database connection: code that
 * held it and needed a second one would wait for ever.
 */
class ManyChargesIntegrationTests {

	private static final int PAYMENTS = 50_000;

	/** In bytes. 50,000 payments or charges in memory would take about 15 MB each. */
	private static final long MEMORY_LIMIT = 6 << 20;

	private final HikariDataSource pool = new HikariDataSource();

	private final JdbcClient jdbc = JdbcClient.create(this.pool);

	private final Provider provider = new Provider();

	private final Reconciliation reconciliation = new Reconciliation(this.provider,
			new ProviderCharges(this.jdbc, Clock.systemUTC()));

	@BeforeEach
	void open() {
		String database = "reconciliation_" + UUID.randomUUID().toString().replace('-', '_');
		TestServers.postgres().createDatabase(database);
		DataSource dataSource = TestServers.postgres().dataSource("payments", database);
		Flyway.configure().dataSource(dataSource).defaultSchema("payments").load().migrate();
		this.pool.setDataSource(dataSource);
		this.pool.setMaximumPoolSize(1);
		assertThat(remaining()).isZero();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void keepsOnlyAPageInMemory() {
		captured(PAYMENTS);
		this.provider.has(PAYMENTS, "EUR", 1999);
		this.jdbc.sql("UPDATE payment SET refunded = 1 WHERE id = (SELECT id FROM payment ORDER BY id DESC LIMIT 1)")
			.update();
		this.provider.measureMemory();
		Balance balance = this.reconciliation.reconcile().getFirst();
		assertThat(this.provider.maxUsed).isLessThan(MEMORY_LIMIT);
		assertThat(balance.captured()).isEqualTo(new Money(1999L * PAYMENTS, "EUR"));
		assertThat(balance.providerCaptured()).isEqualTo(balance.captured());
		assertThat(balance.refunded()).isEqualTo(new Money(1, "EUR"));
		assertThat(balance.unmatchedCount()).isEqualTo(1);
		assertThat(balance.unmatched()).hasSize(1);
		assertThat(this.provider.rechecks).isEqualTo(1);
		assertThat(remaining()).isZero();
	}

	@Test
	void countsUnmatchedPaymentsAndListsTheFirst() {
		captured(3_000);
		this.provider.has(2_500, "USD", 500);
		assertThat(this.reconciliation.reconcile()).satisfiesExactly((ours) -> {
			assertThat(ours.captured()).isEqualTo(new Money(1999L * 3_000, "EUR"));
			assertThat(ours.providerCaptured()).isEqualTo(Money.zero("EUR"));
			assertThat(ours.unmatchedCount()).isEqualTo(3_000);
			assertThat(ours.unmatched()).hasSize(Balance.MAX_UNMATCHED);
		}, (theirs) -> {
			assertThat(theirs.captured()).isEqualTo(Money.zero("USD"));
			assertThat(theirs.providerCaptured()).isEqualTo(new Money(500L * 2_500, "USD"));
			assertThat(theirs.unmatchedCount()).isEqualTo(2_500);
			assertThat(theirs.unmatched()).hasSize(Balance.MAX_UNMATCHED)
				.allSatisfy((payment) -> assertThat(payment.paymentId()).isNull());
		});
		assertThat(this.provider.rechecks).isEqualTo(Reconciliation.MAX_RECHECKS);
		assertThat(remaining()).isZero();
	}

	@Test
	void readsDifferingPaymentsOnceMore() {
		captured(2);
		this.provider.has(3, "EUR", 1999);
		this.provider.refundedOnRecheck = 700;
		this.jdbc.sql("UPDATE payment SET refunded = 700").update();
		this.provider.onRecheck = () -> captured(3);
		Balance balance = this.reconciliation.reconcile().getFirst();
		assertThat(balance.unmatchedCount()).as("the third one is captured here, but not refunded").isEqualTo(1);
		assertThat(balance.captured()).isEqualTo(new Money(3 * 1999, "EUR"));
		assertThat(balance.providerRefunded()).isEqualTo(new Money(3 * 700, "EUR"));
	}

	@Test
	void countsDifferentCurrenciesSeparately() {
		captured(1);
		this.provider.has(1, "EUR", 1999);
		this.jdbc.sql("UPDATE payment SET currency = 'USD'").update();
		assertThat(this.reconciliation.reconcile()).extracting(Balance::unmatchedCount).containsExactly(1L, 1L);
	}

	@Test
	void reportsUnknownCharges() {
		this.provider.has(1, "EUR", 0);
		assertThat(this.reconciliation.reconcile()).isEmpty();
		this.provider.has(1, "EUR", 5);
		assertThat(this.reconciliation.reconcile()).singleElement()
			.satisfies((balance) -> assertThat(balance.unmatched()).singleElement()
				.extracting(Balance.Unmatched::providerReference)
				.isEqualTo("pi_EUR_1"));
		assertThat(this.provider.rechecks).isZero();
	}

	@Test
	void deletesTheChargesOfFailedAndKilledRuns() {
		UUID killed = new UUID(Instant.now().minusSeconds(4_000).toEpochMilli() << 16, 7);
		UUID running = new UUID(Instant.now().minusSeconds(2_000).toEpochMilli() << 16, 7);
		Stream.of(killed, running)
			.forEach((run) -> this.jdbc
				.sql("INSERT INTO provider_charge SELECT ?, 'pi_' || n, 'EUR', 1, 0"
						+ " FROM generate_series(1, 2500) n")
				.param(run)
				.update());
		this.provider.has(1_500, "EUR", 1);
		this.provider.afterRead = () -> {
			throw new IllegalStateException("down");
		};
		assertThatIllegalStateException().isThrownBy(this.reconciliation::reconcile);
		assertThat(this.jdbc.sql("SELECT DISTINCT run FROM provider_charge").query(UUID.class).list())
			.containsExactly(running);
	}

	private void captured(int payments) {
		this.jdbc
			.sql("""
					INSERT INTO payment
					SELECT md5(n::text)::uuid, md5(n::text)::uuid, md5(n::text)::uuid, 1999, 'EUR', 'pm_card_visa', 'CAPTURED',
					       false, 1999, 0, 0, 'pi_EUR_' || n, NULL, 2, now(), now()
					FROM generate_series(1, ?) n ON CONFLICT DO NOTHING""")
			.param(payments)
			.update();
	}

	private long remaining() {
		return this.jdbc.sql("SELECT count(*) FROM provider_charge").query(Long.class).single();
	}

	/** Generates charges while they are read. */
	private final class Provider extends ProviderBooks {

		private int charges;

		private String currency = "";

		private long captured;

		private long refundedOnRecheck;

		private Runnable afterRead = () -> {
		};

		private Runnable onRecheck = () -> {
		};

		private int rechecks;

		private boolean measuring;

		private long usedBefore;

		private long maxUsed;

		Provider() {
			super(StripeClient.builder().setApiKey("sk_test").build());
		}

		private void has(int charges, String currency, long captured) {
			this.charges = charges;
			this.currency = currency;
			this.captured = captured;
		}

		private void measureMemory() {
			this.usedBefore = used();
			this.measuring = true;
		}

		@Override
		public void charges(Consumer<ProviderCharge> charges) {
			IntStream.rangeClosed(1, this.charges)
				.mapToObj((i) -> charge("pi_" + this.currency + "_" + i, 0))
				.forEach(charges);
			checkResources();
			this.afterRead.run();
		}

		@Override
		public ProviderCharge charge(String reference, String currency) {
			this.rechecks++;
			checkResources();
			this.onRecheck.run();
			return reference.contains(this.currency) ? charge(reference, this.refundedOnRecheck)
					: new ProviderCharge(reference, Money.zero(currency), Money.zero(currency));
		}

		private ProviderCharge charge(String reference, long refunded) {
			return new ProviderCharge(reference, new Money(this.captured, this.currency),
					new Money(refunded, this.currency));
		}

		private void checkResources() {
			assertThat(ManyChargesIntegrationTests.this.pool.getHikariPoolMXBean().getActiveConnections())
				.as("connections held during a call to the provider")
				.isZero();
			if (this.measuring) {
				this.maxUsed = Math.max(this.maxUsed, used() - this.usedBefore);
			}
		}

		private static long used() {
			System.gc();
			return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
		}

	}

}
