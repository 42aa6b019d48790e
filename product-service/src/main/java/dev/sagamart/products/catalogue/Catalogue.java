package dev.sagamart.products.catalogue;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.database.ReplicaReads;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.products.catalogue.ProductSearch.Found;
import dev.sagamart.products.catalogue.ProductSearch.Position;
import dev.sagamart.products.stock.Stock;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The catalogue. Every change of a product is told to the other services through the
 * outbox, in the order of the product's versions.
 * <p>
 * What is read may be outdated where another instance changed a product or its stock, as
 * {@link CacheProperties} say; changes through this instance are seen at once. With a
 * replica, lists, categories and recommendations are also older by its lag.
 */
@Service
public class Catalogue {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final String UNIQUE_SKU = "product_sku_key";

	private final Products products;

	private final CatalogueReader reader;

	private final ReplicaReads replica;

	private final ProductCache cache;

	private final ListCache lists;

	private final Stock stock;

	private final Outbox outbox;

	private final TransactionTemplate transaction;

	private final Clock clock;

	Catalogue(Products products, CatalogueReader reader, ReplicaReads replica, ProductCache cache, ListCache lists,
			Stock stock, Outbox outbox, PlatformTransactionManager transactions, Clock clock) {
		this.products = products;
		this.reader = reader;
		this.replica = replica;
		this.cache = cache;
		this.lists = lists;
		this.stock = stock;
		this.outbox = outbox;
		this.transaction = new TransactionTemplate(transactions);
		this.clock = clock;
	}

	/** What came of an attempt to change the catalogue. */
	public sealed interface Change {

		/** It is done; the product as it is now. */
		record Done(CatalogueProduct product) implements Change {
		}

		/** Another product that is sold has that SKU. */
		record SkuTaken() implements Change {
		}

		/** It does not exist, or is no longer sold. */
		record UnknownProduct() implements Change {
		}

		/** It is not in the version that the caller expects. */
		record Stale() implements Change {
		}

	}

	public Change create(ProductDetails details, long initialStock) {
		return change(() -> {
			Product product = this.products.saveAndFlush(new Product(IDS.generate(), details, this.clock.instant()));
			this.stock.open(product.id(), initialStock);
			return published(product);
		});
	}

	/**
	 * Changes a product.
	 * @param isExpected whether the caller is content with the version that it has
	 */
	public Change update(UUID id, ProductDetails details, LongPredicate isExpected) {
		return change(() -> this.products.lockSold(id).map((product) -> {
			if (!isExpected.test(product.version())) {
				return new Change.Stale();
			}
			if (!product.change(details, this.clock.instant())) {
				return done(product);
			}
			this.products.flush();
			return published(product);
		}).orElseGet(Change.UnknownProduct::new));
	}

	/** Ends the sale of a product; orders that have it keep it. */
	public Change discontinue(UUID id, LongPredicate isExpected) {
		return change(() -> this.products.lockSold(id).map((product) -> {
			if (!isExpected.test(product.version())) {
				return new Change.Stale();
			}
			product.discontinue(this.clock.instant());
			this.products.flush();
			return published(product);
		}).orElseGet(Change.UnknownProduct::new));
	}

	/**
	 * Puts a discontinued product on sale again, with the stock that it has; one that is
	 * sold stays as it is.
	 */
	public Change restore(UUID id, LongPredicate isExpected) {
		return change(() -> this.products.lock(id).map((product) -> {
			if (!isExpected.test(product.version())) {
				return new Change.Stale();
			}
			if (!product.restore(this.clock.instant())) {
				return done(product);
			}
			this.products.flush();
			return published(product);
		}).orElseGet(Change.UnknownProduct::new));
	}

	/** A product, also one that is no longer sold. */
	@Cacheable(cacheNames = ProductCache.NAME, sync = true)
	public Optional<CatalogueProduct> find(UUID id) {
		return this.reader.find(id);
	}

	/**
	 * Those products that exist, also ones that are no longer sold; never from a cache.
	 */
	public List<CatalogueProduct> findAll(Collection<UUID> ids) {
		return this.reader.findAll(ids);
	}

	/** Products that are sold, from behind a position on. */
	@Cacheable(cacheNames = ListCache.NAME, sync = true)
	public List<Found> search(ProductSearch search, @Nullable Position after, int limit) {
		return this.replica.read(() -> this.reader.search(search, after, limit));
	}

	/**
	 * Categories in the order of their slugs.
	 * @param after the slug of the last one known, empty from the beginning
	 */
	public List<Category> categories(String after, int limit) {
		return this.replica.read(() -> this.reader.categories(after, limit));
	}

	/** Available products like that one, the best sold first. */
	public List<CatalogueProduct> related(UUID id, int limit) {
		return this.replica.read(() -> this.reader.related(id, limit));
	}

	/** The same, those first whose price is closest to that of the product. */
	public List<CatalogueProduct> closestInPrice(UUID id, int limit) {
		return this.replica.read(() -> this.reader.closestInPrice(id, limit));
	}

	/** Available products, the best sold first. */
	public List<CatalogueProduct> bestSelling(int limit) {
		return this.replica.read(() -> this.reader.bestSelling(limit));
	}

	/** Some instance changed products, and these are their versions at least. */
	public void changed(Map<UUID, Long> versions) {
		outdate(versions, (version) -> new ProductVersion(version, 0));
	}

	/** Some instance changed products, and nothing says which. */
	public void changedSomewhere() {
		this.cache.clear();
		this.lists.clear();
	}

	@TransactionalEventListener
	void on(Stock.StockChanged changed) {
		outdate(changed.versions(), (version) -> new ProductVersion(0, version));
	}

	private void outdate(Map<UUID, Long> versions, LongFunction<ProductVersion> state) {
		this.cache.outdate(versions.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (change) -> state.apply(change.getValue()))));
		this.lists.clear();
	}

	private Change change(Supplier<Change> work) {
		try {
			Change change = this.transaction.execute((status) -> work.get());
			if (change instanceof Change.Done done) {
				changed(Map.of(done.product().id(), done.product().version()));
			}
			return change;
		}
		catch (DataIntegrityViolationException ex) {
			if (ex.getCause() instanceof ConstraintViolationException violation
					&& UNIQUE_SKU.equals(violation.getConstraintName())) {
				return new Change.SkuTaken();
			}
			throw ex;
		}
	}

	private Change published(Product product) {
		this.outbox.append(product.news());
		return done(product);
	}

	private Change done(Product product) {
		return new Change.Done(this.reader.find(product.id()).orElseThrow());
	}

}
