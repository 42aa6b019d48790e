package dev.sagamart.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.Money;
import dev.sagamart.events.StockEvent.StockReserved;
import dev.sagamart.orders.order.Address;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.Placement;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaCoordinator.Incoming;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.test.RoundTrips;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

class SagaBatchIntegrationTests extends OrderServiceTest {

	private static final Address ADDRESS = new Address("Ann", "1 High Street", null, "Berlin", "10115", "DE");

	@Autowired
	private SagaCoordinator coordinator;

	@Autowired
	private RoundTrips roundTrips;

	@TestConfiguration(proxyBeanMethods = false)
	static class Counting {

		@Bean
		static RoundTrips roundTrips() {
			return new RoundTrips();
		}

	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10, 100 })
	void takesTheSameRoundTripsHoweverManyOrdersItIsAbout(int size) {
		List<UUID> orders = Stream.generate(this::acceptedOrder).limit(size).toList();
		assertThat(this.roundTrips.of(() -> this.coordinator.handle(orders.stream()
			.map((id) -> new Incoming(SagaMessage.from(new StockReserved(id)), MessageContext.current()))
			.toList()))).as("lock, journal, outbox, orders, and the commit").hasSize(5);
		assertThat(orders).allSatisfy((id) -> assertThat(state(id)).isEqualTo("AUTHORISING_PAYMENT"));
	}

	/** Nobody answers its command for stock. */
	private UUID acceptedOrder() {
		List<Order.Line> lines = List.of(new Order.Line(UUID.randomUUID(), "Tea", new Money(499, "EUR"), 2));
		Placement placement = this.coordinator.place(UUID.randomUUID(), lines, ADDRESS, "pm_card_visa");
		return ((Placement.Accepted) placement).order().id();
	}

}
