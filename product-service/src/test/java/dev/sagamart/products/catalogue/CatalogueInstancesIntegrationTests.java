package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.ProductEvent.ProductChanged;
import dev.sagamart.events.StockCommand.ReserveStock;
import dev.sagamart.events.StockEvent.StockReserved;
import dev.sagamart.events.Topics;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.products.ProductApi;
import dev.sagamart.products.ProductServiceApplication;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances with one database, broker and Redis. The lifetime of their caches is
 * longer than any test, so that only an event makes them read a product again.
 */
@PlatformTest(properties = { "sagamart.catalogue.cache.lifetime=1h", "sagamart.catalogue.cache.redis-lifetime=1h",
		"sagamart.catalogue.cache.redis-timeout=10s",
		"resilience4j.circuitbreaker.configs.optional.wait-duration-in-open-state=5s" })
@TestMethodOrder(OrderAnnotation.class)
class CatalogueInstancesIntegrationTests {

	private static final String PRODUCTS = "/api/v1/products/";

	private static ConfigurableApplicationContext second;

	@Autowired
	KafkaMessages messages;

	@Autowired
	JdbcClient jdbc;

	@Autowired
	MeterRegistry meters;

	private ProductApi one;

	private ProductApi two;

	@BeforeEach
	void start(@Autowired RestTestClient client, @Autowired TestTokens tokens, @Autowired Environment environment,
			@Autowired ConcurrentMessageListenerContainer<?, ?> changes) {
		if (second == null) {
			second = instance(environment);
		}
		this.one = new ProductApi(client, tokens);
		this.two = new ProductApi(RestTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + second.getEnvironment().getRequiredProperty("local.server.port"))
			.build(), tokens);
		for (ConcurrentMessageListenerContainer<?, ?> each : List.of(changes,
				second.getBean(ConcurrentMessageListenerContainer.class))) {
			await().until(() -> each.getAssignedPartitions().size() == 12);
		}
	}

	@AfterAll
	static void stop() {
		second.close();
		second = null;
	}

	private static ConfigurableApplicationContext instance(Environment environment) {
		List<String> arguments = new ArrayList<>();
		for (String name : List.of("POSTGRES_ADDRESS", "POSTGRES_PASSWORD", "KAFKA_BOOTSTRAP_SERVERS", "REDIS_ADDRESS",
				"JWKS_URI", "sagamart.catalogue.cache.lifetime", "sagamart.catalogue.cache.redis-lifetime",
				"sagamart.catalogue.cache.redis-timeout",
				"resilience4j.circuitbreaker.configs.optional.wait-duration-in-open-state")) {
			arguments.add("--" + name + "=" + environment.getRequiredProperty(name));
		}
		Collections.addAll(arguments, "--server.port=0", "--management.server.port=0", "--spring.grpc.server.port=0");
		return new SpringApplicationBuilder(ProductServiceApplication.class).run(arguments.toArray(String[]::new));
	}

	@Test
	void bothInstancesSeeAPriceChange() {
		UUID id = this.one.product(1000, 10);
		assertThat(priceThrough(this.two, id)).isEqualTo(1000);
		for (int price = 1001; price < 1010; price++) {
			Map<String, Object> body = this.one.bodyOf(id);
			body.put("price", Map.of("amount", price, "currency", "EUR"));
			this.one.put(id, body).expect(200);
			assertThat(priceThrough(this.one, id)).isEqualTo(price);
			awaitPrice(this.two, id, price);
		}
	}

	/**
	 * As if the instance that made the change ended before it could update Redis. Runs
	 * first, because other tests make the instances ignore Redis for an hour.
	 */
	@Test
	@Order(1)
	void anEventAloneUpdatesTheCaches() {
		UUID id = this.one.product(1000, 10);
		assertThat(priceThrough(this.one, id)).isEqualTo(priceThrough(this.two, id)).isEqualTo(1000);
		this.messages.await(ProductChanged.class, id);
		changeWithoutAnEvent(id);
		assertThat(priceThrough(this.one, id)).isEqualTo(priceThrough(this.two, id)).isEqualTo(1000);
		this.messages.send(new ProductChanged(id, "s", "n", new Money(2000, "EUR"), 1));
		awaitPrice(this.one, id, 2000);
		awaitPrice(this.two, id, 2000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "{}", "{\"productId\": \"x\", \"version\": 2}" })
	void anUnreadableEventEmptiesTheCaches(String nonsense) {
		UUID id = this.one.product(1000, 10);
		assertThat(priceThrough(this.one, id)).isEqualTo(priceThrough(this.two, id)).isEqualTo(1000);
		this.messages.await(ProductChanged.class, id);
		changeWithoutAnEvent(id);
		this.messages.sendRaw(Topics.PRODUCT_EVENTS, id.toString(), nonsense.getBytes(StandardCharsets.UTF_8),
				Map.of());
		awaitPrice(this.one, id, 2000);
		awaitPrice(this.two, id, 2000);
	}

	@Test
	void aReservationOfTheLastUnitsChangesTheAvailability() {
		UUID id = this.one.product(1000, 6);
		assertThat(availabilityThrough(this.one, id)).isEqualTo("IN_STOCK");
		UUID order = UUID.randomUUID();
		this.messages.send(new ReserveStock(order, List.of(new OrderLine(id, 6, new Money(1000, "EUR")))));
		this.messages.await(StockReserved.class, order);
		// One of the instances handled the command, and removed the product from its
		// caches.
		await().until(() -> availabilityThrough(this.one, id).equals("SOLD_OUT")
				|| availabilityThrough(this.two, id).equals("SOLD_OUT"));
	}

	@Test
	void readsFromRedisOrMemory() {
		UUID id = this.one.product(1000, 10);
		// The event of the creation may arrive between two reads, but only once.
		await().until(() -> {
			double hits = counted("catalogue.products", "hit");
			this.one.get(PRODUCTS + id).expect(200);
			this.one.get(PRODUCTS + id).expect(200);
			return counted("catalogue.products", "hit") - hits == 2;
		});
		assertThat(counted("catalogue.products.redis", "miss")).isPositive();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void worksWithoutRedis(boolean hangs) {
		List<UUID> ids = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			ids.add(this.one.product(1000 + i, 10));
		}
		long before = redisFailures();
		if (hangs) {
			TestServers.redis().hang();
		}
		else {
			TestServers.redis().kill();
		}
		try {
			// The pause after an earlier failure may not be over yet.
			await().until(() -> {
				assertThat(priceThrough(this.one, this.one.product(1000, 10))).isEqualTo(1000);
				return redisFailures() > before;
			});
			long first = redisFailures();
			for (int i = 0; i < 50; i++) {
				assertThat(priceThrough(this.one, ids.get(i))).isEqualTo(1000 + i);
			}
			assertThat(redisFailures() - first).as("requests that waited for Redis").isLessThan(40);
			UUID id = ids.getFirst();
			Map<String, Object> body = this.one.bodyOf(id);
			body.put("price", Map.of("amount", 3000, "currency", "EUR"));
			this.one.put(id, body).expect(200);
			assertThat(priceThrough(this.one, id)).isEqualTo(3000);
			awaitPrice(this.two, id, 3000);
		}
		finally {
			if (hangs) {
				TestServers.redis().wake();
			}
			else {
				TestServers.redis().start();
			}
		}
	}

	private long redisFailures() {
		return this.meters.get("resilience4j.circuitbreaker.calls")
			.tags("name", "redis", "kind", "failed")
			.timer()
			.count();
	}

	private void changeWithoutAnEvent(UUID id) {
		this.jdbc.sql("UPDATE product SET price_amount = 2000, version = version + 1 WHERE id = ?").param(id).update();
	}

	private double counted(String cache, String result) {
		return this.meters.get("cache.gets")
			.tags("cache", cache, "result", result)
			.meters()
			.stream()
			.flatMap((meter) -> StreamSupport.stream(meter.measure().spliterator(), false))
			.mapToDouble((measurement) -> measurement.getValue())
			.sum();
	}

	private static void awaitPrice(ProductApi api, UUID id, long price) {
		await().until(() -> priceThrough(api, id) == price);
	}

	private static long priceThrough(ProductApi api, UUID id) {
		return api.get(PRODUCTS + id).expect(200).json().at("/price/amount").asLong();
	}

	private static String availabilityThrough(ProductApi api, UUID id) {
		return api.get(PRODUCTS + id).expect(200).json().path("availability").asString();
	}

}
