package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.audit.AuditEntry.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalsTests {

	private static final Instant START = Instant.parse("2026-03-01T10:00:30Z");

	private static final Instant LATER = START.plusSeconds(30);

	private static final int ROOM = 5;

	private final Refusals refusals = new Refusals(ROOM);

	@Test
	void countsSimilarRefusalsAndKeepsThreeSamples() {
		add("/a", "/a", "/b", "/c", "/d");
		assertThat(drained(START)).singleElement().satisfies((entry) -> {
			assertThat(entry.count()).isEqualTo(5);
			assertThat(entry.at()).isEqualTo(START);
			assertThat(entry.path()).isEqualTo("/a");
			assertThat(entry.samples()).extracting(Sample::path).containsExactly("/a", "/b", "/c");
		});
	}

	@Test
	void countsMinutesAddressesUsersStatusesAndCodesSeparately() {
		this.refusals.add(refusal(START, "a", null, 401, "X"));
		this.refusals.add(refusal(START, "b", null, 401, "X"));
		this.refusals.add(refusal(START, "a", "user", 401, "X"));
		this.refusals.add(refusal(START, "a", null, 401, null));
		this.refusals.add(refusal(LATER, "a", null, 401, "X"));
		assertThat(drained(START)).hasSize(ROOM).extracting(AuditEntry::count).containsOnly(1L);
	}

	@Test
	void countsOthersTogetherBeyondItsCapacity() {
		IntStream.range(0, 1_000)
			.forEach((i) -> this.refusals.add(refusal(START, "192.0.2." + i, "user-" + i, 429, null)));
		this.refusals.add(refusal(START, "192.0.2.0", "user-0", 429, null));
		List<AuditEntry> drained = drained(START);
		assertThat(drained).hasSize(ROOM + 1);
		assertThat(drained).filteredOn((entry) -> entry.address().equals(Refusals.OTHERS))
			.singleElement()
			.satisfies((others) -> {
				assertThat(others.count()).isEqualTo(1_000 - ROOM);
				assertThat(others.userId()).isNull();
			});
		assertThat(drained).extracting(AuditEntry::count).contains(2L);
	}

	@Test
	void doesNotGrowWhileNothingCanBeWritten() {
		IntStream.range(0, 10_000)
			.forEach((i) -> this.refusals
				.add(refusal(START.plus(Duration.ofMinutes(i)), "a" + i, null, 400 + i % 5, null)));
		assertThat(drained(Instant.MAX)).hasSize(ROOM + 5)
			.extracting(AuditEntry::count)
			.satisfies((counts) -> assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(10_000));
	}

	@Test
	void countsNewKindsTogetherWhileItIsFull() {
		this.refusals.setFull(true);
		add("/a", "/b");
		assertThat(drained(LATER)).singleElement()
			.satisfies((entry) -> assertThat(entry.address()).isEqualTo(Refusals.OTHERS));
		this.refusals.setFull(false);
		add("/a");
		assertThat(drained(LATER)).singleElement()
			.satisfies((entry) -> assertThat(entry.address()).isEqualTo("192.0.2.1"));
	}

	@Test
	void drainsNewAndDoubledCountsAndTheRestAfterTheMinute() {
		add("/a");
		assertThat(drained(START)).hasSize(1);
		assertThat(drained(START)).isEmpty();
		add("/a");
		assertThat(drained(START)).extracting(AuditEntry::count).containsExactly(2L);
		add("/a");
		assertThat(drained(START)).isEmpty();
		add("/b");
		assertThat(drained(START)).extracting(AuditEntry::count).containsExactly(4L);
		add("/b");
		assertThat(drained(LATER.minusMillis(1))).isEmpty();
		assertThat(drained(LATER)).extracting(AuditEntry::count).containsExactly(5L);
		assertThat(drained(LATER)).isEmpty();
		add("/a");
		assertThat(drained(LATER)).extracting(AuditEntry::count).containsExactly(1L);
	}

	@Test
	void drainsNothingTwiceAfterTheMinute() {
		add("/a");
		assertThat(drained(START)).hasSize(1);
		assertThat(drained(LATER)).isEmpty();
	}

	@Test
	void truncatesTextOfClients() {
		this.refusals.add(new AuditEntry(START, null, "M".repeat(8_000), "/\0" + "x".repeat(8_000), null, "a", 400,
				null, "correlation"));
		assertThat(drained(START)).flatExtracting(AuditEntry::samples).singleElement().satisfies((sample) -> {
			assertThat(sample.method()).hasSize(20);
			assertThat(sample.path()).hasSize(200).doesNotContain("\0");
		});
	}

	@ParameterizedTest
	@CsvSource({ "201, user, false", "201, , false", "302, , false", "400, user, true", "404, , true",
			"429, user, true", "500, user, false", "503, , true", "504, user, false", ", user, false", ", , true" })
	void decidesWhichResultsAreRefusals(Integer status, String userId, boolean refusal) {
		assertThat(AuditEntry.isRefusal(status, userId)).isEqualTo(refusal);
	}

	private void add(String... paths) {
		for (String path : paths) {
			this.refusals.add(AuditDatabase.refusal(START, "192.0.2.1", path));
		}
	}

	private List<AuditEntry> drained(Instant now) {
		List<AuditEntry> entries = new ArrayList<>();
		this.refusals.drainTo(entries, now);
		return entries;
	}

	private static AuditEntry refusal(Instant at, String address, String userId, Integer status, String code) {
		return new AuditEntry(at, userId, "POST", "/", null, address, status, code, "correlation");
	}

}
