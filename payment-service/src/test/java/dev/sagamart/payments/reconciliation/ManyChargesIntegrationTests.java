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
 * Books with many payments, ours with one connection to the database: who wanted a second
 * one while the first is held would wait for ever.
 */
class ManyChargesIntegrationTests {

	private static final int MANY = 50_000;

	/**
	 * Of 50,000 payments or charges in memory there would be some 15 MB on either side.
	 */
	private static final long ROOM = 6 << 20;

	private final HikariDataSource pool = new HikariDataSource();

	private final JdbcClient jdbc = JdbcClient.create(this.pool);

	private final Provider provider = new Provider();

	private final Reconciliation reconciliation = new Reconciliation(this.provider,
			new ReadCharges(this.jdbc, Clock.systemUTC()));

	@BeforeEach
	void open() {
		String database = "reconciliation_" + UUID.randomUUID().toString().replace('-', '_');
		TestServers.postgres().createDatabase(database);
		DataSource dataSource = TestServers.postgres().dataSource("payments", database);
		Flyway.configure().dataSource(dataSource).defaultSchema("payments").load().migrate();
		this.pool.setDataSource(dataSource);
		this.pool.setMaximumPoolSize(1);
		assertThat(left()).isZero();
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void areReconciledWithAPageOfThemInMemory() {
		captured(MANY);
		this.provider.has(MANY, "EUR", 1999);
		this.jdbc.sql("UPDATE payment SET refunded = 1 WHERE id = (SELECT id FROM payment ORDER BY id DESC LIMIT 1)")
			.update();
		this.provider.watchMemory();
		Balance balance = this.reconciliation.reconcile().getFirst();
		assertThat(this.provider.mostUsed).isLessThan(ROOM);
		assertThat(balance.captured()).isEqualTo(new Money(1999L * MANY, "EUR"));
		assertThat(balance.providerCaptured()).isEqualTo(balance.captured());
		assertThat(balance.refunded()).isEqualTo(new Money(1, "EUR"));
		assertThat(balance.unmatchedCount()).isEqualTo(1);
		assertThat(balance.unmatched()).hasSize(1);
		assertThat(this.provider.looks).isEqualTo(1);
		assertThat(left()).isZero();
	}

	@Test
	void thatAreOnOneSideOnlyAreCountedAndAFewOfThemListed() {
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
		assertThat(this.provider.looks).isEqualTo(Reconciliation.MAX_SECOND_LOOKS);
		assertThat(left()).isZero();
	}

	@Test
	void areLookedAtOnceMoreWhereTheyDiffer() {
		captured(2);
		this.provider.has(3, "EUR", 1999);
		this.provider.refundedMeanwhile = 700;
		this.jdbc.sql("UPDATE payment SET refunded = 700").update();
		this.provider.onLook = () -> captured(3);
		Balance balance = this.reconciliation.reconcile().getFirst();
		assertThat(balance.unmatchedCount()).as("the third one is captured here, but not refunded").isEqualTo(1);
		assertThat(balance.captured()).isEqualTo(new Money(3 * 1999, "EUR"));
		assertThat(balance.providerRefunded()).isEqualTo(new Money(3 * 700, "EUR"));
	}

	@Test
	void ofAnotherCurrencyAreNotOfTheSameBalance() {
		captured(1);
		this.provider.has(1, "EUR", 1999);
		this.jdbc.sql("UPDATE payment SET currency = 'USD'").update();
		assertThat(this.reconciliation.reconcile()).extracting(Balance::unmatchedCount).containsExactly(1L, 1L);
	}

	@Test
	void ofAChargeAboutWhichNothingIsKnownAreReportedAsTheProviderHasThem() {
		this.provider.has(1, "EUR", 0);
		assertThat(this.reconciliation.reconcile()).isEmpty();
		this.provider.has(1, "EUR", 5);
		assertThat(this.reconciliation.reconcile()).singleElement()
			.satisfies((balance) -> assertThat(balance.unmatched()).singleElement()
				.extracting(Balance.Unmatched::providerReference)
				.isEqualTo("pi_EUR_1"));
		assertThat(this.provider.looks).isZero();
	}

	@Test
	void areLeftNowhereByARunThatFailedOrWasKilled() {
		UUID killed = new UUID(Instant.now().minusSeconds(4_000).toEpochMilli() << 16, 7);
		UUID running = new UUID(Instant.now().minusSeconds(2_000).toEpochMilli() << 16, 7);
		Stream.of(killed, running)
			.forEach((run) -> this.jdbc
				.sql("INSERT INTO provider_charge SELECT ?, 'pi_' || n, 'EUR', 1, 0"
						+ " FROM generate_series(1, 2500) n")
				.param(run)
				.update());
		this.provider.has(1_500, "EUR", 1);
		this.provider.onceRead = () -> {
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

	private long left() {
		return this.jdbc.sql("SELECT count(*) FROM provider_charge").query(Long.class).single();
	}

	/** Makes charges up while they are read. */
	private final class Provider extends ProviderBooks {

		private int charges;

		private String currency = "";

		private long captured;

		private long refundedMeanwhile;

		private Runnable onceRead = () -> {
		};

		private Runnable onLook = () -> {
		};

		private int looks;

		private boolean watching;

		private long usedBefore;

		private long mostUsed;

		Provider() {
			super(StripeClient.builder().setApiKey("sk_test").build());
		}

		private void has(int charges, String currency, long captured) {
			this.charges = charges;
			this.currency = currency;
			this.captured = captured;
		}

		private void watchMemory() {
			this.usedBefore = used();
			this.watching = true;
		}

		@Override
		public void charges(Consumer<ProviderCharge> charges) {
			IntStream.rangeClosed(1, this.charges)
				.mapToObj((i) -> charge("pi_" + this.currency + "_" + i, 0))
				.forEach(charges);
			asked();
			this.onceRead.run();
		}

		@Override
		public ProviderCharge charge(String reference, String currency) {
			this.looks++;
			asked();
			this.onLook.run();
			return reference.contains(this.currency) ? charge(reference, this.refundedMeanwhile)
					: new ProviderCharge(reference, Money.zero(currency), Money.zero(currency));
		}

		private ProviderCharge charge(String reference, long refunded) {
			return new ProviderCharge(reference, new Money(this.captured, this.currency),
					new Money(refunded, this.currency));
		}

		private void asked() {
			assertThat(ManyChargesIntegrationTests.this.pool.getHikariPoolMXBean().getActiveConnections())
				.as("connections that are held while the provider is asked")
				.isZero();
			if (this.watching) {
				this.mostUsed = Math.max(this.mostUsed, used() - this.usedBefore);
			}
		}

		private static long used() {
			System.gc();
			return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
		}

	}

}
