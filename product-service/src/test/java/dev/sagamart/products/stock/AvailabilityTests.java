package dev.sagamart.products.stock;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AvailabilityTests {

	@Test
	void isLowFromFiveUnitsDownToOne() {
		assertThat(Availability.of(6)).isEqualTo(Availability.IN_STOCK);
		assertThat(Availability.of(5)).isEqualTo(Availability.LOW);
		assertThat(Availability.of(1)).isEqualTo(Availability.LOW);
		assertThat(Availability.of(0)).isEqualTo(Availability.SOLD_OUT);
		assertThat(new StockLevel(7, 2, 0).availability()).isEqualTo(Availability.LOW);
	}

}
