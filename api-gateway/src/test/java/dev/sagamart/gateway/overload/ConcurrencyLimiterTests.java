package dev.sagamart.gateway.overload;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConcurrencyLimiterTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ConcurrencyLimiter limiter = limiter(Duration.ofSeconds(10));

	private ConcurrencyLimiter limiter(Duration slow) {
		return new ConcurrencyLimiter(new OverloadProperties(5, 10, 20, slow, 80), this.meters);
	}

	private static List<ConcurrencyLimiter.Permit> acquire(ConcurrencyLimiter limiter, int count) {
		return Stream.generate(() -> limiter.newPermit())
			.limit(count)
			.filter((permit) -> permit.acquire(false))
			.toList();
	}

	@Test
	void admitsUpToTheLimit() {
		assertThat(acquire(this.limiter, 15)).hasSize(10);
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(10);
		assertThat(this.meters.get("sagamart.gateway.overload.shed").tag("kind", "other").counter().count())
			.isEqualTo(5);
	}

	@Test
	void shedsAnonymousReadsFirst() {
		assertThat(acquire(this.limiter, 8)).hasSize(8);
		assertThat(this.limiter.newPermit().acquire(true)).isFalse();
		assertThat(this.limiter.newPermit().acquire(false)).isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.shed").tag("kind", "anonymous-read").counter().count())
			.isEqualTo(1);
	}

	@Test
	void releasesAReservedPermitOfAnAnonymousRequest() {
		ConcurrencyLimiter.Permit early = this.limiter.newPermit();
		assertThat(early.acquire(false)).isTrue();
		assertThat(acquire(this.limiter, 7)).hasSize(7);
		ConcurrencyLimiter.Permit late = this.limiter.newPermit();
		assertThat(late.acquire(false)).isTrue();
		assertThat(late.acquire(true)).isFalse();
		assertThat(early.acquire(true)).as("not a reserved permit").isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(8);
	}

	@Test
	void releasesAPermitOnce() {
		ConcurrencyLimiter.Permit permit = this.limiter.newPermit();
		assertThat(permit.acquire(false)).isTrue();
		assertThat(permit.acquire(false)).as("already acquired").isTrue();
		permit.release();
		permit.release();
		permit.responseStarted();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isZero();
		assertThat(permit.acquire(false)).isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(1);
	}

	@Test
	void growsWithFastResponsesWhileItIsUsed() {
		for (int i = 0; i < 20; i++) {
			acquire(this.limiter, 10).forEach(ConcurrencyLimiter.Permit::responseStarted);
		}
		assertThat(this.limiter.limit()).isEqualTo(20);
	}

	@Test
	void doesNotGrowWhileItIsNotUsed() {
		IntStream.range(0, 100)
			.forEach((i) -> acquire(this.limiter, 2).forEach(ConcurrencyLimiter.Permit::responseStarted));
		assertThat(this.limiter.limit()).isEqualTo(10);
	}

	@Test
	void shrinksWithSlowResponsesAndTimeouts() {
		ConcurrencyLimiter withShortTimeout = limiter(Duration.ofMillis(1));
		List<ConcurrencyLimiter.Permit> permits = acquire(withShortTimeout, 10);
		await().pollDelay(Duration.ofMillis(10)).until(() -> true);
		permits.getFirst().responseStarted();
		assertThat(withShortTimeout.limit()).isEqualTo(9);
		permits.forEach(ConcurrencyLimiter.Permit::failed);
		assertThat(withShortTimeout.limit()).isEqualTo(5);
	}

	@Test
	void ignoresFastFailuresAndDisconnects() {
		acquire(this.limiter, 10).forEach(ConcurrencyLimiter.Permit::failed);
		acquire(this.limiter, 10).forEach(ConcurrencyLimiter.Permit::release);
		assertThat(this.limiter.limit()).isEqualTo(10);
	}

}
