package dev.sagamart.products.catalogue;

import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.ReplicatedPostgres;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.products.ProductApi;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The service with a replica of the database. */
@PlatformTest
@DirtiesContext
class ReplicaIntegrationTests {

	private static final String READS = "sagamart.database.replica.reads";

	@Autowired
	MeterRegistry meters;

	@DynamicPropertySource
	static void servers(DynamicPropertyRegistry registry) {
		ReplicatedPostgres servers = ReplicatedPostgres.start();
		registry.add("POSTGRES_ADDRESS", servers.primary()::address);
		registry.add("POSTGRES_PASSWORD", () -> servers.primary().password("products"));
		// No broker, because its messages belong to the database of the other tests.
		registry.add("KAFKA_BOOTSTRAP_SERVERS", () -> "127.0.0.1:1");
		registry.add("sagamart.database.replica.url",
				() -> servers.replica().jdbcUrl() + "?currentSchema=${sagamart.schema}");
	}

	@Test
	void readsListsFromTheReplicaButNotProducts(@Autowired RestTestClient client, @Autowired TestTokens tokens) {
		ProductApi api = new ProductApi(client, tokens);
		String category = "replicated-" + UUID.randomUUID().toString().substring(0, 8);
		UUID product = api.post("/api/v1/products", ProductApi.body("Replicated", category, 100, 1)).expect(201).id();
		double before = reads();
		api.get("/api/v1/products/" + product).expect(200);
		api.stock(product);
		assertThat(reads()).isEqualTo(before);
		for (String list : List.of("/api/v1/products?category=" + category, "/api/v1/categories",
				"/api/v1/products/" + product + "/recommendations")) {
			before = reads();
			api.get(list).expect(200);
			assertThat(reads()).as(list).isGreaterThan(before);
		}
		Awaitility.await().until(() -> {
			api.get("/api/v1/categories").expect(200);
			return this.meters.find(READS).tag("server", "replica").counter() != null;
		});
	}

	private double reads() {
		return this.meters.find(READS).counters().stream().mapToDouble(Counter::count).sum();
	}

}
