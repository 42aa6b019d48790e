package dev.sagamart.events;

import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChargeableCurrencyTests {

	@ParameterizedTest
	@ValueSource(strings = { "DEM", "HRK", "ITL", "LTL", "BGN", "ANG", "STD", "SLL", "ZMK", "MRO", "VEF", "XAU", "XDR",
			"XXX", "XTS", "CHE", "CHW", "BOV", "CLF", "COU", "MXV", "USN", "USS", "UYI", "XAD", "KPW", "IRR", "eur",
			"EURO", "" })
	void leavesOutWhatIsNoMoreWhatIsNoMoneyAndWhatNoCardIsChargedIn(String code) {
		assertThat(ChargeableCurrency.find(code)).isEmpty();
	}

	@Test
	void everyOneOfThemHasMinorUnits() {
		assertThat(ChargeableCurrency.all()).hasSizeGreaterThan(130)
			.allSatisfy((currency) -> assertThat(Currency.getInstance(currency.code()).getDefaultFractionDigits())
				.isBetween(0, 3));
	}

	@ParameterizedTest
	@CsvSource({ "EUR, 1, true", "EUR, 99999999, true", "EUR, 100000000, false", "EUR, 0, false", "EUR, -1, false",
			"JPY, 1, true", "JPY, 9999999999, true", "JPY, 10000000000, false", "ISK, 1, true", "ISK, 999999, true",
			"ISK, 1000000, false", "UGX, 999999, true", "UGX, 1000000, false", "MGA, 100, true", "MGA, 150, false",
			"MGA, 1, false", "MGA, 9999999900, true", "MGA, 10000000000, false", "KWD, 5120, true", "KWD, 5124, false",
			"TND, 1, false", "BHD, 99999990, true", "BHD, 99999999, false", "HUF, 1, true", "TWD, 101, true",
			"XCG, 5, true", "IDR, 999999999999, true", "IDR, 1000000000000, false" })
	void takesWhatTheProviderCanExpress(String code, long amount, boolean taken) {
		assertThat(ChargeableCurrency.find(code).orElseThrow().takes(amount)).isEqualTo(taken);
	}

}
