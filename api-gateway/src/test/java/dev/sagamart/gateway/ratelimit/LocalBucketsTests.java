package dev.sagamart.gateway.ratelimit;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LocalBucketsTests {

	private static final Rate RATE = new Rate(10, 20);

	private final AtomicLong clock = new AtomicLong(TimeUnit.DAYS.toNanos(3));

	private final LocalBuckets buckets = new LocalBuckets(1000, this.clock::get);

	private Decision take() {
		return take("me", RATE);
	}

	private Decision take(String key, Rate rate) {
		return this.buckets.take(List.of(new Bucket(key, rate))).getFirst();
	}

	private void pass(long millis) {
		this.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
	}

	@Test
	void givesTheBurstAndNotOneMore() {
		assertThat(IntStream.range(0, 20).mapToObj((i) -> take()))
			.extracting(Decision::allowed, Decision::limit, Decision::remaining)
			.startsWith(org.assertj.core.groups.Tuple.tuple(true, 20, 19L))
			.endsWith(org.assertj.core.groups.Tuple.tuple(true, 20, 0L));
		assertThat(take()).isEqualTo(new Decision(false, 20, 0, 2, 1));
	}

	@Test
	void givesTokensBackOneByOneWithinASecond() {
		IntStream.range(0, 20).forEach((i) -> take());
		pass(99);
		assertThat(take().allowed()).isFalse();
		pass(1);
		assertThat(take().allowed()).isTrue();
		assertThat(take().allowed()).isFalse();
		pass(500);
		assertThat(IntStream.range(0, 6).mapToObj((i) -> take().allowed())).containsExactly(true, true, true, true,
				true, false);
	}

	@Test
	void doesNotChargeForRefusals() {
		IntStream.range(0, 500).forEach((i) -> take());
		pass(100);
		assertThat(take().allowed()).isTrue();
	}

	@Test
	void fillsUpToTheBurstOnly() {
		take();
		pass(60_000);
		assertThat(take().remaining()).isEqualTo(19);
	}

	@Test
	void keepsKeysApart() {
		IntStream.range(0, 20).forEach((i) -> take());
		assertThat(take("somebody else", RATE).remaining()).isEqualTo(19);
	}

	@Test
	void tellsWhenToComeBackForSlowRates() {
		Rate slow = new Rate(1, 1);
		assertThat(take("me", slow)).isEqualTo(new Decision(true, 1, 0, 1, 0));
		pass(200);
		assertThat(take("me", slow)).isEqualTo(new Decision(false, 1, 0, 1, 1));
	}

	@Test
	void givesTheBurstOnceToManyThreads() {
		assertThat(IntStream.range(0, 2000).parallel().mapToObj((i) -> take()).filter(Decision::allowed)).hasSize(20);
	}

	@Test
	void takesFromAllOrFromNone() {
		List<Bucket> both = List.of(new Bucket("me", RATE), new Bucket("us", new Rate(1, 3)));
		IntStream.range(0, 3).forEach((i) -> this.buckets.take(both));
		assertThat(IntStream.range(0, 50).mapToObj((i) -> this.buckets.take(both))).allSatisfy(
				(decisions) -> assertThat(decisions).extracting(Decision::allowed).containsExactly(true, false));
		assertThat(take().remaining()).isEqualTo(16);
		IntStream.range(0, 20).forEach((i) -> take());
		pass(1000);
		IntStream.range(0, 20).forEach((i) -> take());
		assertThat(this.buckets.take(both)).extracting(Decision::allowed).containsExactly(false, true);
		assertThat(take("us", new Rate(1, 3)).allowed()).isTrue();
	}

}
