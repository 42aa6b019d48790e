package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import dev.sagamart.platform.database.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
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
				WHERE product_id = ANY (?)
				""").param(SqlArrays.uuids(productIds)).query(ListedPrices::listedPrice).list();
	}

	/** Stores prices that are newer than those in the list, with one statement. */
	void store(Collection<ListedPrice> prices) {
		this.jdbc.sql("""
				INSERT INTO price_list AS known (product_id, name, amount, currency, version)
				SELECT DISTINCT ON (product_id) *
				FROM unnest(?, ?, ?, ?, ?) AS heard (product_id, name, amount, currency, version)
				ORDER BY product_id, version DESC
				ON CONFLICT (product_id) DO UPDATE
				SET name = excluded.name, amount = excluded.amount, currency = excluded.currency,
				    version = excluded.version
				WHERE known.version < excluded.version
				""")
			.params(SqlArrays.column("uuid", prices, ListedPrice::productId), quotes("text", prices, Quote::name),
					quotes("bigint", prices, (quote) -> quote.unitPrice().amount()),
					quotes("text", prices, (quote) -> quote.unitPrice().currency()),
					SqlArrays.column("bigint", prices, ListedPrice::version))
			.update();
	}

	private static <T> SqlArrayValue quotes(String type, Collection<ListedPrice> prices, Function<Quote, T> part) {
		return SqlArrays.column(type, prices, (price) -> (price.quote() != null) ? part.apply(price.quote()) : null);
	}

	private static ListedPrice listedPrice(ResultSet row, int number) throws SQLException {
		String name = row.getString("name");
		Quote quote = (name != null) ? new Quote(name, new Money(row.getLong("amount"), row.getString("currency")))
				: null;
		return new ListedPrice(row.getObject("product_id", UUID.class), quote, row.getLong("version"));
	}

}
