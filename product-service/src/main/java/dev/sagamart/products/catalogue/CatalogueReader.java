package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.platform.database.SqlArrays;
import dev.sagamart.products.catalogue.ProductSearch.Found;
import dev.sagamart.products.catalogue.ProductSearch.Position;
import dev.sagamart.products.stock.Availability;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Reads products together with their stock. */
@Repository
@Transactional(readOnly = true)
class CatalogueReader {

	private static final String COLUMNS = """
			SELECT p.id, p.sku, p.name, p.description, p.category, p.price_amount, p.price_currency,
			    s.on_hand - s.reserved AS available, p.discontinued_at IS NULL AS active, p.version,
			    s.version AS stock_version""";

	private static final String TABLES = " FROM product p JOIN stock s ON s.product_id = p.id ";

	private final JdbcClient jdbc;

	CatalogueReader(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** A product, which may be discontinued. */
	Optional<CatalogueProduct> find(UUID id) {
		return this.jdbc.sql(COLUMNS + TABLES + "WHERE p.id = ?").param(id).query(CatalogueReader::product).optional();
	}

	/** Products, which may be discontinued. Leaves out unknown ids. */
	List<CatalogueProduct> findAll(Collection<UUID> ids) {
		return this.jdbc.sql(COLUMNS + TABLES + "WHERE p.id = ANY (?)")
			.param(SqlArrays.uuids(ids))
			.query(CatalogueReader::product)
			.list();
	}

	List<Found> search(ProductSearch search, @Nullable Position after, int limit) {
		StatementSpec statement = this.jdbc.sql(sqlOf(search, after))
			.param("category", search.category())
			.param("words", search.words())
			.param("limit", limit);
		if (after != null) {
			statement = statement.param("key", after.order().keyValue(after.key())).param("id", after.id());
		}
		return statement.query((row, number) -> {
			CatalogueProduct product = product(row, number);
			return new Found(product, new Position(search.order(), row.getString("sort_key"), product.id()));
		}).list();
	}

	static String sqlOf(ProductSearch search, @Nullable Position after) {
		StringBuilder sql = new StringBuilder(COLUMNS).append(", CAST(")
			.append(search.order().key())
			.append(" AS text) AS sort_key")
			.append(TABLES)
			.append("WHERE p.discontinued_at IS NULL");
		if (search.category() != null) {
			sql.append(" AND p.category = :category");
		}
		if (search.words() != null) {
			sql.append(" AND p.search_words @@ (SELECT search_query(:words))");
		}
		if (after != null) {
			sql.append(" AND ").append(search.order().startsAfter());
		}
		return sql.append(" ORDER BY ").append(search.order().orderBy()).append(" LIMIT :limit").toString();
	}

	List<Category> categories(String after, int limit) {
		return this.jdbc.sql("""
				SELECT category, count(*) AS products FROM product
				WHERE discontinued_at IS NULL AND category COLLATE "C" > ?
				GROUP BY category ORDER BY category COLLATE "C" LIMIT ?
				""")
			.params(after, limit)
			.query((row, number) -> new Category(row.getString("category"), row.getLong("products")))
			.list();
	}

	List<CatalogueProduct> related(UUID id, int limit) {
		return this.jdbc.sql(COLUMNS + TABLES + """
				JOIN product mine ON mine.id = :id AND mine.category = p.category
				WHERE p.id <> :id AND p.discontinued_at IS NULL AND s.on_hand > s.reserved
				ORDER BY s.sold DESC, p.id LIMIT :limit
				""").param("id", id).param("limit", limit).query(CatalogueReader::product).list();
	}

	List<CatalogueProduct> closestInPrice(UUID id, int limit) {
		return this.jdbc.sql(COLUMNS + TABLES + """
				JOIN product mine ON mine.id = :id AND mine.category = p.category
				     AND mine.price_currency = p.price_currency
				WHERE p.id <> :id AND p.discontinued_at IS NULL AND s.on_hand > s.reserved
				ORDER BY abs(p.price_amount - mine.price_amount), p.id LIMIT :limit
				""").param("id", id).param("limit", limit).query(CatalogueReader::product).list();
	}

	List<CatalogueProduct> bestSelling(int limit) {
		return this.jdbc.sql(COLUMNS + TABLES + """
				WHERE p.discontinued_at IS NULL AND s.on_hand > s.reserved
				ORDER BY s.sold DESC, p.id LIMIT ?
				""").param(limit).query(CatalogueReader::product).list();
	}

	private static CatalogueProduct product(ResultSet row, int number) throws SQLException {
		return new CatalogueProduct(row.getObject("id", UUID.class), row.getString("sku"), row.getString("name"),
				row.getString("description"), row.getString("category"),
				new Money(row.getLong("price_amount"), row.getString("price_currency")),
				Availability.of(row.getLong("available")), row.getBoolean("active"), row.getLong("version"),
				row.getLong("stock_version"));
	}

}
