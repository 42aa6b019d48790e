package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The price list, in PostgreSQL. */
@Repository
class ListedPrices {

	private final JdbcClient jdbc;

	ListedPrices(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<ListedPrice> find(Collection<UUID> productIds) {
		return this.jdbc.sql("""
				SELECT product_id, name, amount, currency, version
				FROM price_list
				WHERE product_id = ANY (?::uuid[])
				""")
			.param(productIds.stream().map(UUID::toString).toArray(String[]::new))
			.query(ListedPrices::listedPrice)
			.list();
	}

	/** Stores prices that are newer than those in the list, with one statement. */
	void store(Collection<ListedPrice> prices) {
		this.jdbc.sql("""
				INSERT INTO price_list AS known (product_id, name, amount, currency, version)
				SELECT DISTINCT ON (product_id) *
				FROM unnest(?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::bigint[])
				     AS heard (product_id, name, amount, currency, version)
				ORDER BY product_id, version DESC
				ON CONFLICT (product_id) DO UPDATE
				SET name = excluded.name, amount = excluded.amount, currency = excluded.currency,
				    version = excluded.version
				WHERE known.version < excluded.version
				""")
			.params(prices.stream().map((price) -> price.productId().toString()).toArray(String[]::new),
					prices.stream()
						.map((price) -> (price.quote() != null) ? price.quote().name() : null)
						.toArray(String[]::new),
					prices.stream()
						.map((price) -> (price.quote() != null) ? price.quote().unitPrice().amount() : null)
						.toArray(Long[]::new),
					prices.stream()
						.map((price) -> (price.quote() != null) ? price.quote().unitPrice().currency() : null)
						.toArray(String[]::new),
					prices.stream().map(ListedPrice::version).toArray(Long[]::new))
			.update();
	}

	private static ListedPrice listedPrice(ResultSet row, int number) throws SQLException {
		String name = row.getString("name");
		Quote quote = (name != null) ? new Quote(name, new Money(row.getLong("amount"), row.getString("currency")))
				: null;
		return new ListedPrice(row.getObject("product_id", UUID.class), quote, row.getLong("version"));
	}

}
