package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Parts of the platform are killed, suspended and restarted during a stream of orders.
 * Afterwards every accepted order is settled and all invariants hold.
 */
@WholePlatform
@InTurn(1)
class FaultsIntegrationTests {

	private static final Duration BEFORE = Duration.ofMillis(1500);

	private static final Duration AFTER = Duration.ofMillis(1500);

	/** The number of orders to wait for before the fault and after it. */
	private static final int ORDERS_AROUND_FAULT = 3;

	private final RunningPlatform platform;

	private final List<Product> products;

	FaultsIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.products = IntStream.range(0, 3)
			.mapToObj((i) -> platform.admin().createProduct(Money.eur(700 + i), 1000))
			.toList();
		this.products.forEach(platform::awaitOnPriceList);
	}

	@ParameterizedTest
	@FieldSource("dev.sagamart.local.PartName#SERVICES")
	void survivesAKillOfAService(PartName service) throws Exception {
		OrderStream stream = duringAStreamOfOrders(() -> {
			this.platform.kill(service);
			this.platform.awaitReady(service);
		});
		assertConsistent(stream);
		if (List.of(Parts.PRODUCT_SERVICE, Parts.PAYMENT_SERVICE, Parts.USER_SERVICE).contains(service)) {
			assertThat(stream.failedAttempts()).as("orders are accepted without " + service).isEmpty();
		}
	}

	@Test
	void acceptsOrdersWhileTheBrokerIsAway() throws Exception {
		OrderStream stream = duringAStreamOfOrders(() -> {
			this.platform.stop(PartName.KAFKA);
			pause(Duration.ofSeconds(8));
			this.platform.start(PartName.KAFKA);
		});
		assertConsistent(stream);
		assertThat(stream.failedAttempts()).isEmpty();
	}

	@Test
	void survivesAKillOfTheBroker() throws Exception {
		OrderStream stream = duringAStreamOfOrders(() -> {
			this.platform.kill(PartName.KAFKA);
			this.platform.awaitReady(PartName.KAFKA);
		});
		assertConsistent(stream);
		assertThat(stream.failedAttempts()).isEmpty();
	}

	@Test
	void recoversFromARestartOfPostgres() throws Exception {
		assertConsistent(duringAStreamOfOrders(() -> {
			this.platform.stop(PartName.POSTGRES);
			pause(Duration.ofSeconds(1));
			this.platform.start(PartName.POSTGRES);
		}));
	}

	@Test
	void worksWithoutRedis() throws Exception {
		OrderStream stream = duringAStreamOfOrders(() -> {
			this.platform.stop(PartName.REDIS);
			Session anybody = this.platform.api().anonymous();
			for (Product product : this.products) {
				anybody.product(product.id());
			}
			anybody.products("?pageSize=10");
			pause(Duration.ofSeconds(1));
			this.platform.start(PartName.REDIS);
		});
		assertConsistent(stream);
		assertThat(stream.failedAttempts()).isEmpty();
	}

	@Test
	void waitsUntilTheProviderIsBack() throws Exception {
		OrderStream stream = duringAStreamOfOrders(() -> {
			this.platform.provider().fault("down", true);
			try {
				pause(Duration.ofSeconds(5));
			}
			finally {
				this.platform.provider().fault("down", false);
			}
		});
		assertConsistent(stream);
		assertThat(stream.failedAttempts()).isEmpty();
	}

	@Test
	void survivesAKillOfTheProvider() throws Exception {
		assertConsistent(duringAStreamOfOrders(() -> {
			this.platform.kill(Parts.PAYMENT_SIMULATOR);
			this.platform.awaitReady(Parts.PAYMENT_SIMULATOR);
		}));
	}

	private OrderStream duringAStreamOfOrders(Runnable fault) {
		OrderStream stream = OrderStream.of(this.products, this.platform.alice(), this.platform.bob());
		try (stream) {
			pause(BEFORE);
			stream.awaitAccepted(ORDERS_AROUND_FAULT);
			fault.run();
			pause(AFTER);
			stream.awaitAccepted(ORDERS_AROUND_FAULT);
		}
		return stream;
	}

	private void assertConsistent(OrderStream stream) throws SQLException {
		this.platform.awaitQuiet();
		assertThat(stream.violations()).isEmpty();
		assertThat(stream.accepted()).hasSizeGreaterThan(5);
		assertThat(stream.accepted().values()).doesNotHaveDuplicates();
		assertThat(ordersPlacedWith(stream)).isEqualTo(stream.accepted().size());
		this.platform.assertInvariantsHold();
		Session alice = this.platform.alice();
		Order order = alice.awaitSettled(alice.place(OrderRequest.of(this.products.getFirst(), 1)));
		assertThat(order.status()).isEqualTo("CONFIRMED");
	}

	/**
	 * The number of stored orders of the stream; it must equal the number of accepted
	 * keys.
	 */
	private int ordersPlacedWith(OrderStream stream) throws SQLException {
		try (Connection database = this.platform.database(); PreparedStatement query = database.prepareStatement("""
				SELECT count(*) FROM orders.orders
				WHERE EXISTS (SELECT FROM jsonb_array_elements(lines) AS line
				              WHERE (line ->> 'productId')::uuid = ANY (?))""")) {
			query.setArray(1,
					database.createArrayOf("uuid", this.products.stream().map(Product::id).toArray(UUID[]::new)));
			ResultSet row = query.executeQuery();
			row.next();
			return row.getInt(1);
		}
	}

	private static void pause(Duration duration) {
		LockSupport.parkNanos(duration.toNanos());
	}

}
