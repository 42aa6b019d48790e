package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.products.stock.Availability;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogueCacheTests {

	private final AtomicLong nanos = new AtomicLong();

	private final CatalogueCache cache = new CatalogueCache(new SimpleMeterRegistry(), this.nanos::get);

	private final UUID id = UUID.randomUUID();

	@Test
	void readsOnceUntilItForgets() {
		AtomicInteger reads = new AtomicInteger();
		for (int i = 0; i < 3; i++) {
			this.cache.product(this.id, (key) -> Optional.of(product(reads.incrementAndGet())));
		}
		assertThat(reads).hasValue(1);
		this.cache.forget();
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(9)))).hasValue(product(9));
	}

	@Test
	void keepsNothingForLongerThanItsLifetime() {
		this.cache.product(this.id, (key) -> Optional.of(product(1)));
		this.nanos.addAndGet(CatalogueCache.LIFETIME.toNanos() - 1);
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(2)))).hasValue(product(1));
		this.nanos.incrementAndGet();
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(2)))).hasValue(product(2));
	}

	@Test
	void doesNotRememberThatThereIsNothing() {
		assertThat(this.cache.product(this.id, (key) -> Optional.empty())).isEmpty();
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(1)))).isPresent();
	}

	@Test
	void aReadThatWasUnderWayDuringAChangeIsNotKept() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch changed = new CountDownLatch(1);
		Thread reader = Thread.ofVirtual().start(() -> this.cache.product(this.id, (key) -> {
			reading.countDown();
			await(changed);
			return Optional.of(product(1));
		}));
		await(reading);
		this.cache.forget();
		changed.countDown();
		reader.join();
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(2)))).hasValue(product(2));
	}

	@Test
	void aReaderThatWaitsDoesNotHoldUpTheOthers() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		Thread slow = Thread.ofVirtual().start(() -> this.cache.product(this.id, (key) -> {
			waiting.countDown();
			await(over);
			return Optional.of(product(1));
		}));
		await(waiting);
		assertThat(this.cache.product(this.id, (key) -> Optional.of(product(1)))).isPresent();
		over.countDown();
		slow.join();
	}

	@Test
	void keepsLists() {
		CatalogueCache.ListKey key = new CatalogueCache.ListKey(new ProductSearch(null, null, ProductSearch.Order.NAME),
				null, 21);
		AtomicInteger reads = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			assertThat(this.cache.list(key, (list) -> {
				reads.incrementAndGet();
				return List.of();
			})).isEmpty();
		}
		assertThat(reads).hasValue(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private CatalogueProduct product(long version) {
		return new CatalogueProduct(this.id, "s", "n", "", "c", new Money(1, "EUR"), Availability.LOW, true, version);
	}

}
