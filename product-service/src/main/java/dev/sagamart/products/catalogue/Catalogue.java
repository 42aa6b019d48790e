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
import java.util.function.Predicate;
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
 * The catalogue. Publishes every change of a product through the outbox, in the order of
 * the product's versions.
 * <p>
 * Reads see changes of this instance immediately. If another instance changed a product
 * or its stock, they may return an older state for as long as {@link CacheProperties}
 * allow. With a replica, lists, categories and recommendations also lag behind by its
 * delay.
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

	/** The result of a change of the catalogue. */
	public sealed interface Change {

		record Done(CatalogueProduct product) implements Change {
		}

		/** Another active product has the same SKU. */
		record SkuTaken() implements Change {
		}

		/** The product does not exist, or is discontinued. */
		record UnknownProduct() implements Change {
		}

		/** The product does not have a version that the caller expects. */
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
	 * @param isExpected whether the change may overwrite a version of the product
	 */
	public Change update(UUID id, ProductDetails details, LongPredicate isExpected) {
		return change(() -> this.products.findActiveAndLock(id), isExpected,
				(product) -> product.change(details, this.clock.instant()));
	}

	/** Ends the sale of a product. Existing orders of it are not affected. */
	public Change discontinue(UUID id, LongPredicate isExpected) {
		return change(() -> this.products.findActiveAndLock(id), isExpected, (product) -> {
			product.discontinue(this.clock.instant());
			return true;
		});
	}

	/**
	 * Puts a discontinued product on sale again, with its current stock. Does nothing if
	 * the product is active.
	 */
	public Change restore(UUID id, LongPredicate isExpected) {
		return change(() -> this.products.findAndLock(id), isExpected,
				(product) -> product.restore(this.clock.instant()));
	}

	private Change change(Supplier<Optional<Product>> finder, LongPredicate isExpected, Predicate<Product> edit) {
		return change(() -> finder.get().map((product) -> {
			if (!isExpected.test(product.version())) {
				return new Change.Stale();
			}
			if (!edit.test(product)) {
				return done(product);
			}
			this.products.flush();
			return published(product);
		}).orElseGet(Change.UnknownProduct::new));
	}

	/** A product, which may be discontinued. */
	@Cacheable(cacheNames = ProductCache.NAME, sync = true)
	public Optional<CatalogueProduct> find(UUID id) {
		return this.reader.find(id);
	}

	/**
	 * Products, which may be discontinued, from the database instead of the cache. Leaves
	 * out unknown ids.
	 */
	public List<CatalogueProduct> findAll(Collection<UUID> ids) {
		return this.reader.findAll(ids);
	}

	/** Active products after a position, or the first ones if it is {@code null}. */
	@Cacheable(cacheNames = ListCache.NAME, sync = true)
	public List<Found> search(ProductSearch search, @Nullable Position after, int limit) {
		return this.replica.read(() -> this.reader.search(search, after, limit));
	}

	/**
	 * Categories in the order of their slugs.
	 * @param after the last slug of the page before, empty for the first page
	 */
	public List<Category> categories(String after, int limit) {
		return this.replica.read(() -> this.reader.categories(after, limit));
	}

	/** Available products of the same category, the best-selling first. */
	public List<CatalogueProduct> related(UUID id, int limit) {
		return this.replica.read(() -> this.reader.related(id, limit));
	}

	/** Available products of the same category and currency, the closest price first. */
	public List<CatalogueProduct> closestInPrice(UUID id, int limit) {
		return this.replica.read(() -> this.reader.closestInPrice(id, limit));
	}

	/** Available products, the best-selling first. */
	public List<CatalogueProduct> bestSelling(int limit) {
		return this.replica.read(() -> this.reader.bestSelling(limit));
	}

	/**
	 * Removes products from the caches after a change.
	 * @param versions their new versions; newer ones stay in the caches
	 */
	public void invalidateOlder(Map<UUID, Long> versions) {
		invalidateOlder(versions, (version) -> new ProductVersion(version, 0));
	}

	/** Removes everything from the caches, after changes of unknown products. */
	public void invalidateAll() {
		this.cache.clear();
		this.lists.clear();
	}

	@TransactionalEventListener
	void on(Stock.StockChanged changed) {
		invalidateOlder(changed.versions(), (version) -> new ProductVersion(0, version));
	}

	private void invalidateOlder(Map<UUID, Long> versions, LongFunction<ProductVersion> toVersion) {
		this.cache.invalidateOlder(versions.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (change) -> toVersion.apply(change.getValue()))));
		this.lists.clear();
	}

	private Change change(Supplier<Change> work) {
		try {
			Change change = this.transaction.execute((status) -> work.get());
			if (change instanceof Change.Done done) {
				invalidateOlder(Map.of(done.product().id(), done.product().version()));
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
		this.outbox.append(product.toEvent());
		return done(product);
	}

	private Change done(Product product) {
		return new Change.Done(this.reader.find(product.id()).orElseThrow());
	}

}
