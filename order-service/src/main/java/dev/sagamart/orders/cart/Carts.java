package dev.sagamart.orders.cart;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The carts of all users, in PostgreSQL. */
@Repository
public class Carts {

	/** How many different products a cart can hold: as many as an order. */
	public static final int CAPACITY = 50;

	private final JdbcClient jdbc;

	Carts(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * The quantities in a user's cart by the ids of the products, in the order in which
	 * they were put there.
	 */
	public SequencedMap<UUID, Integer> of(UUID userId) {
		SequencedMap<UUID, Integer> quantities = new LinkedHashMap<>();
		this.jdbc.sql("SELECT product_id, quantity FROM cart_item WHERE user_id = ? ORDER BY added_at, product_id")
			.param(userId)
			.query((row) -> {
				quantities.put(row.getObject("product_id", UUID.class), row.getInt("quantity"));
			});
		return quantities;
	}

	/**
	 * Puts a product into the cart, or changes its quantity.
	 * @return {@code false} if the cart is full and does not hold the product yet
	 */
	@Transactional
	public boolean put(UUID userId, UUID productId, int quantity) {
		// One change of a cart at a time, so that the count is right.
		this.jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))").param("cart " + userId).query((row) -> {
		});
		return this.jdbc.sql("""
				INSERT INTO cart_item (user_id, product_id, quantity)
				SELECT ?, ?, ?
				WHERE (SELECT count(*) FROM cart_item WHERE user_id = ? AND product_id <> ?) < ?
				ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = excluded.quantity
				""").params(userId, productId, quantity, userId, productId, CAPACITY).update() == 1;
	}

	public void remove(UUID userId, UUID productId) {
		this.jdbc.sql("DELETE FROM cart_item WHERE user_id = ? AND product_id = ?").params(userId, productId).update();
	}

	public void empty(UUID userId) {
		this.jdbc.sql("DELETE FROM cart_item WHERE user_id = ?").param(userId).update();
	}

}
