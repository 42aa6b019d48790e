package dev.sagamart.gateway.routing;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetTests {

	private static long spent(RetryBudget budget, int tries) {
		return IntStream.range(0, tries).filter((i) -> budget.spend()).count();
	}

	@Test
	void grantsAFewRetriesAtTheStart() {
		assertThat(spent(new RetryBudget(20), 100)).isEqualTo(10);
	}

	@Test
	void grantsOneRetryForEveryFiveRequests() {
		RetryBudget budget = new RetryBudget(20);
		spent(budget, 100);
		IntStream.range(0, 25).forEach((i) -> budget.earn());
		assertThat(spent(budget, 100)).isEqualTo(5);
	}

	@Test
	void limitsItsCredit() {
		RetryBudget budget = new RetryBudget(20);
		IntStream.range(0, 10_000).forEach((i) -> budget.earn());
		assertThat(spent(budget, 100)).isEqualTo(10);
	}

	@Test
	void grantsNothingAtZeroPercent() {
		assertThat(spent(new RetryBudget(0), 10)).isZero();
	}

}
