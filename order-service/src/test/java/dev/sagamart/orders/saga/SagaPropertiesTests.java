package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class SagaPropertiesTests {

	private final SagaProperties properties = new SagaProperties(Duration.ofSeconds(30), Duration.ofSeconds(60),
			Duration.ofSeconds(40), Duration.ofSeconds(15), Duration.ofSeconds(20), Duration.ofHours(1), 200, 3);

	@ParameterizedTest
	@CsvSource({ "RESERVING_STOCK, 30", "AUTHORISING_PAYMENT, 60", "BOOKING_SHIPMENT, 40", "CAPTURING_PAYMENT, 15",
			"CAPTURING_TO_CANCEL, 15", "RELEASING_TO_REJECT, 20", "REFUNDING_TO_CANCEL, 20" })
	void eachStateHasItsOwnTime(OrderState state, long seconds) {
		assertThat(this.properties.timeLimit(state, 1)).hasSeconds(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "2, 40", "3, 80", "8, 2560", "9, 3600", "21, 3600", "100, 3600", "2147483647, 3600" })
	void eachAttemptTakesTwiceAsLongUpToAnHour(int attempt, long seconds) {
		assertThat(this.properties.timeLimit(OrderState.VOIDING_TO_REJECT, attempt)).hasSeconds(seconds);
	}

	@ParameterizedTest
	@EnumSource(names = { "CONFIRMED", "SHIPPED", "DELIVERED", "REJECTED", "CANCELLED" })
	void nobodyIsWaitedForInTheEnd(OrderState state) {
		assertThat(this.properties.timeLimit(state, 1)).isNull();
	}

	@Test
	void aFirstTimeThatIsLongerThanTheLongestIsTheLongest() {
		SagaProperties odd = new SagaProperties(Duration.ofHours(2), Duration.ofHours(1), Duration.ofHours(1),
				Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), 200, 3);
		assertThat(odd.timeLimit(OrderState.RESERVING_STOCK, 1)).hasHours(1);
	}

}
