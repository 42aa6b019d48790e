package dev.sagamart.orders;

import dev.sagamart.platform.test.TestServers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which reads may go to a replica; what is none is asked, and never read. */
@DirtiesContext
class ReplicaIntegrationTests extends OrderServiceTest {

	@Autowired
	MeterRegistry meters;

	@DynamicPropertySource
	static void replica(DynamicPropertyRegistry registry) {
		// The other tests have the service that hears the messages.
		registry.add("KAFKA_BOOTSTRAP_SERVERS", () -> "127.0.0.1:1");
		registry.add("sagamart.database.replica.url",
				() -> TestServers.postgres().jdbcUrl() + "?currentSchema=${sagamart.schema}");
	}

	@Test
	void listsForAdministratorsMayBeOld() {
		assertThat(readsThatMayBeOld(this::getAsAdmin, "/api/v1/orders")).isOne();
		assertThat(readsThatMayBeOld(this::getAsAdmin, "/api/v1/orders?userId=" + UUID.randomUUID())).isOne();
		assertThat(readsThatMayBeOld(this::getAsAdmin, "/api/v1/operations/sagas")).isOne();
	}

	@Test
	void whatABuyerHasWrittenIsReadFromThePrimary() {
		for (String uri : new String[] { "/api/v1/orders", "/api/v1/orders?status=PENDING", "/api/v1/cart" }) {
			assertThat(readsThatMayBeOld(this::get, uri)).as(uri).isZero();
		}
	}

	private double readsThatMayBeOld(Function<String, Answer> get, String uri) {
		double before = reads();
		get.apply(uri).expect(200);
		return reads() - before;
	}

	private double reads() {
		return this.meters.find("sagamart.database.replica.reads")
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

}
