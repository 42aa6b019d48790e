package dev.sagamart.products.catalogue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListCacheTests {

	private static final Duration LIFETIME = Duration.ofSeconds(1);

	private final AtomicLong nanos = new AtomicLong();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ListCache cache = new ListCache(new CacheProperties(LIFETIME, LIFETIME, LIFETIME), this.meters,
			this.nanos::get);

	@Test
	void readsOnceUntilAChange() {
		AtomicInteger reads = new AtomicInteger();
		for (int i = 0; i < 3; i++) {
			assertThat(this.cache.get("list", reads::incrementAndGet)).isEqualTo(1);
		}
		this.cache.clear();
		assertThat(this.cache.get("list", reads::incrementAndGet)).isEqualTo(2);
		assertThat(this.meters.get("cache.gets").tags("cache", ListCache.NAME, "result", "hit").functionCounter())
			.satisfies((hits) -> assertThat(hits.count()).isEqualTo(2));
	}

	@Test
	void expiresAfterItsLifetime() {
		this.cache.get("list", () -> 1);
		this.nanos.addAndGet(LIFETIME.toNanos() - 1);
		assertThat(this.cache.get("list", () -> 2)).isEqualTo(1);
		this.nanos.incrementAndGet();
		assertThat(this.cache.get("list", () -> 2)).isEqualTo(2);
	}

	@Test
	void doesNotCacheAReadThatOverlapsWithAChange() {
		assertThat(this.cache.get("list", () -> {
			this.cache.clear();
			return 1;
		})).isEqualTo(1);
		assertThat(this.cache.get("list", () -> 2)).isEqualTo(2);
	}

	@Test
	void aSlowReadDoesNotBlockOthers() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		Thread slow = Thread.ofVirtual().start(() -> this.cache.get("list", () -> {
			waiting.countDown();
			return over.await(10, TimeUnit.SECONDS);
		}));
		waiting.await();
		assertThat(this.cache.get("list", () -> 1)).isEqualTo(1);
		over.countDown();
		slow.join();
	}

	@Test
	void doesNotCacheAFailure() {
		assertThatThrownBy(() -> this.cache.get("list", () -> {
			throw new IllegalStateException("away");
		})).isInstanceOf(ValueRetrievalException.class).hasRootCauseMessage("away");
		assertThat(this.cache.get("list", () -> 1)).isEqualTo(1);
	}

}
