package dev.sagamart.events;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MoneyTests {

	private static final Money FIVE_EUROS = new Money(500, "EUR");

	@Test
	void addsSubtractsAndMultipliesInMinorUnits() {
		assertThat(FIVE_EUROS.plus(new Money(1, "EUR"))).isEqualTo(new Money(501, "EUR"));
		assertThat(FIVE_EUROS.minus(new Money(501, "EUR"))).isEqualTo(new Money(-1, "EUR"));
		assertThat(FIVE_EUROS.times(3)).isEqualTo(new Money(1500, "EUR"));
	}

	@Test
	void comparesAmountsOfOneCurrency() {
		assertThat(FIVE_EUROS).isGreaterThan(Money.zero("EUR"));
		assertThat(FIVE_EUROS.signum()).isEqualTo(1);
		assertThat(Money.zero("EUR").signum()).isZero();
	}

	@Test
	void maySayNothingSmallerThanTheCurrencyItself() {
		assertThat(new Money(1, "JPY").times(2)).isEqualTo(new Money(2, "JPY"));
	}

	@Test
	void doesNotMixCurrencies() {
		Money dollars = new Money(1, "USD");
		assertThatIllegalArgumentException().isThrownBy(() -> FIVE_EUROS.plus(dollars));
		assertThatIllegalArgumentException().isThrownBy(() -> FIVE_EUROS.minus(dollars));
		assertThatIllegalArgumentException().isThrownBy(() -> FIVE_EUROS.compareTo(dollars));
	}

	@Test
	void overflowsLoudly() {
		Money most = new Money(Long.MAX_VALUE, "EUR");
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.plus(FIVE_EUROS));
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.times(2));
		assertThatExceptionOfType(ArithmeticException.class)
			.isThrownBy(() -> new Money(Long.MIN_VALUE, "EUR").minus(FIVE_EUROS));
	}

	@Test
	void refusesWhatIsNotACurrencyOfPayment() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, "EURO"));
		assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, "XAU"));
	}

}
