package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.routing.CanaryProperties.Canary;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CanaryTests {

	private static final int MANY = 20_000;

	private static final List<String> USERS = Stream.generate(() -> UUID.randomUUID().toString()).limit(MANY).toList();

	private static final List<String> ADDRESSES = IntStream.range(0, MANY)
		.mapToObj((i) -> "10.0." + (i / 256) + "." + (i % 256))
		.toList();

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 50, 90, 100 })
	void getsItsShareOfUsersAndOfAddresses(int weight) {
		double share = weight / 100.0;
		double deviation = Math.sqrt(share * (1 - share) * MANY);
		assertThat(callersOf(weight, "orders", USERS).size()).isCloseTo((int) (share * MANY),
				within((int) (5 * deviation)));
		assertThat(callersOf(weight, "orders", ADDRESSES).size()).isCloseTo((int) (share * MANY),
				within((int) (5 * deviation)));
	}

	@Test
	void keepsItsCallersWhenItsShareGrows() {
		assertThat(callersOf(30, "orders", USERS)).containsAll(callersOf(10, "orders", USERS));
	}

	@Test
	void isIndependentOfTheCanaryOfAnotherService() {
		long both = callersOf(10, "orders", USERS).stream().filter(callersOf(10, "payments", USERS)::contains).count();
		assertThat(both).isBetween(MANY / 100 - 75L, MANY / 100 + 75L);
	}

	private static List<String> callersOf(int weight, String service, List<String> callers) {
		Canary canary = new Canary(URI.create("http://localhost"), weight, false);
		return callers.stream().filter((caller) -> canary.appliesTo(service, caller, null)).toList();
	}

}
