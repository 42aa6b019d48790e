package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
		Map<UUID, ListedPrice> newest = new HashMap<>();
		prices.forEach((price) -> newest.merge(price.productId(), price,
				(one, other) -> (other.version() > one.version()) ? other : one));
		List<ListedPrice> rows = newest.values().stream().sorted(Comparator.comparing(ListedPrice::productId)).toList();
		this.jdbc.sql("""
				INSERT INTO price_list AS known (product_id, name, amount, currency, version)
				SELECT * FROM unnest(?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::bigint[])
				ON CONFLICT (product_id) DO UPDATE
				SET name = excluded.name, amount = excluded.amount, currency = excluded.currency,
				    version = excluded.version
				WHERE known.version < excluded.version
				""")
			.params(column(rows, (price) -> price.productId().toString()).toArray(String[]::new),
					column(rows, (price) -> (price.quote() != null) ? price.quote().name() : null)
						.toArray(String[]::new),
					column(rows, (price) -> (price.quote() != null) ? price.quote().unitPrice().amount() : null)
						.toArray(Long[]::new),
					column(rows, (price) -> (price.quote() != null) ? price.quote().unitPrice().currency() : null)
						.toArray(String[]::new),
					column(rows, ListedPrice::version).toArray(Long[]::new))
			.update();
	}

	private static <T extends @Nullable Object> Stream<T> column(List<ListedPrice> rows,
			Function<ListedPrice, T> value) {
		return rows.stream().map(value);
	}

	private static ListedPrice listedPrice(ResultSet row, int number) throws SQLException {
		UUID productId = row.getObject("product_id", UUID.class);
		String name = row.getString("name");
		return (name != null) ? ListedPrice.sold(productId, name,
				new Money(row.getLong("amount"), row.getString("currency")), row.getLong("version"))
				: ListedPrice.discontinued(productId, row.getLong("version"));
	}

}
