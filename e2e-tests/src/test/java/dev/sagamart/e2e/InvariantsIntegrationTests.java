package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.books.Invariants;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks find damage that is planted in a transaction without a commit. */
@WholePlatform
class InvariantsIntegrationTests {

	private final RunningPlatform platform;

	private final Product product;

	private final Order confirmed;

	private final Order rejected;

	InvariantsIntegrationTests(RunningPlatform platform) throws SQLException {
		this.platform = platform;
		this.product = platform.admin().createProduct(Money.eur(500), 10);
		platform.awaitOnPriceList(this.product);
		this.confirmed = place("pm_card_visa");
		this.rejected = place("pm_card_chargeDeclined");
		platform.awaitQuiet();
	}

	@Test
	void findsEveryKindOfDamage() throws SQLException {
		this.platform.assertInvariantsHold();
		assertFound("I1", "UPDATE payments.payment SET captured = captured - 1 WHERE order_id = '%s'", this.confirmed);
		assertFound("I1", "UPDATE orders.orders SET total_amount = total_amount + 1 WHERE id = '%s'", this.confirmed);
		assertFound("I1", "DELETE FROM orders.orders WHERE id = '%s'", this.confirmed);
		assertFound("I2", "UPDATE orders.saga_step SET state = 'CONFIRMED' WHERE order_id = '%s' AND sequence = 2",
				this.rejected);
		assertFound("I3", "UPDATE products.stock SET sold = sold + 1 WHERE product_id = '" + this.product.id() + "'",
				this.confirmed);
		assertFound("I3", "DELETE FROM products.reservation_line WHERE order_id = '%s'", this.confirmed);
		assertFound("I4", "UPDATE products.reservation SET status = 'RESERVED' WHERE order_id = '%s'", this.rejected);
		assertFound("I4", "UPDATE payments.payment SET status = 'AUTHORISED' WHERE order_id = '%s'", this.rejected);
		assertFound("I4", "UPDATE orders.orders SET state = 'CAPTURING_PAYMENT' WHERE id = '%s'", this.confirmed);
		assertFound("I5",
				"INSERT INTO orders.dead_letter (id, consumer, topic, partition_number, record_offset, headers, cause, "
						+ "created_at) VALUES ('%s', 'planted', 'planted', 0, 0, '{}', 'planted', now())",
				this.confirmed);
		assertFound("I7", "DELETE FROM orders.saga_step WHERE order_id = '%s' AND sequence = 2", this.confirmed);
		assertFound("I7", "UPDATE orders.saga_step SET state = 'REJECTED' WHERE order_id = '%s' AND sequence = 2",
				this.confirmed);
		this.platform.assertInvariantsHold();
	}

	private void assertFound(String invariant, String damage, Order order) throws SQLException {
		try (Connection database = this.platform.database(); Statement statement = database.createStatement()) {
			database.setAutoCommit(false);
			assertThat(statement.executeUpdate(damage.formatted(order.id()))).as(damage).isPositive();
			List<String> violations = Invariants.violations(database, this.platform.provider());
			database.rollback();
			assertThat(violations).as(damage).anySatisfy((violation) -> assertThat(violation).startsWith(invariant));
		}
	}

	private Order place(String paymentMethod) {
		return this.platform.alice()
			.awaitSettled(this.platform.alice().place(OrderRequest.of(this.product, 2).payingWith(paymentMethod)));
	}

}
