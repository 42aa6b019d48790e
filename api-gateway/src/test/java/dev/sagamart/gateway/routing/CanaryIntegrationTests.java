package dev.sagamart.gateway.routing;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.GatewayTest;
import dev.sagamart.gateway.Upstream;
import dev.sagamart.gateway.routing.CanaryProperties.Canary;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CanaryIntegrationTests extends GatewayTest {

	private static final Upstream NEW_ORDERS = new Upstream("new orders");

	private static final Upstream NEW_PRODUCTS = new Upstream("new products");

	@Autowired
	private CanaryProperties properties;

	@Autowired
	private DeclaredServices services;

	@DynamicPropertySource
	static void canaries(DynamicPropertyRegistry registry) {
		registry.add("sagamart.gateway.canary.order-service.url", NEW_ORDERS::url);
		registry.add("sagamart.gateway.canary.order-service.weight", () -> 30);
		registry.add("sagamart.gateway.canary.product-service.url", NEW_PRODUCTS::url);
		registry.add("sagamart.gateway.canary.product-service.weight", () -> 40);
		registry.add("sagamart.gateway.canary.product-service.header", () -> true);
		registry.add("sagamart.gateway.trusted-proxies", () -> "127.0.0.0/8");
	}

	@AfterEach
	void resetCanaries() {
		NEW_ORDERS.reset();
		NEW_PRODUCTS.reset();
	}

	@Test
	void keepsAUserOnOneVersion() {
		Canary canary = this.properties.canary().get("order-service");
		List<UUID> users = IntStream.range(0, 60).mapToObj((i) -> UUID.randomUUID()).toList();
		for (UUID user : users) {
			String token = TOKENS.customer(user);
			String expected = canary.appliesTo("order-service", user.toString(), null) ? "new orders" : "orders";
			for (int i = 0; i < 3; i++) {
				String address = "192.0.2." + i;
				assertThat(send(request("/api/v1/orders", token).header("X-Forwarded-For", address)).body())
					.isEqualTo(expected);
			}
			assertThat(send(request("/api/v1/cart", token)).body()).isEqualTo(expected);
		}
		assertThat(ORDERS.seen()).isNotEmpty();
		assertThat(NEW_ORDERS.seen()).isNotEmpty();
	}

	@Test
	void keepsAnAddressOnOneVersionBeforeTheLogIn() {
		Canary canary = this.properties.canary().get("product-service");
		for (int i = 0; i < 60; i++) {
			String address = "198.51.100." + i;
			String expected = canary.appliesTo("product-service", address, null) ? "new products" : "products";
			for (int j = 0; j < 2; j++) {
				assertThat(send(request("/api/v1/products").header("X-Forwarded-For", address)).body())
					.isEqualTo(expected);
			}
		}
		assertThat(PRODUCTS.seen()).isNotEmpty();
		assertThat(NEW_PRODUCTS.seen()).isNotEmpty();
	}

	@Test
	void keepsAnIpv6NetworkOnOneVersionBeforeTheLogIn() {
		for (int i = 0; i < 30; i++) {
			String network = "2001:db8:7:" + Integer.toHexString(i);
			assertThat(Stream.of("::1", "::2", ":ffff::3", ":1:2:3:4")
				.map((host) -> send(request("/api/v1/products").header("X-Forwarded-For", network + host)).body())
				.distinct()).as(network).hasSize(1);
		}
	}

	@Test
	void obeysTheHeaderWhereItIsEnabled() {
		for (int i = 0; i < 20; i++) {
			HttpRequest.Builder always = request("/api/v1/products").header("X-Canary", "always");
			HttpRequest.Builder never = request("/api/v1/products").header("X-Canary", "never");
			assertThat(send(always.header("X-Forwarded-For", "192.0.2." + i)).body()).isEqualTo("new products");
			assertThat(send(never.header("X-Forwarded-For", "192.0.2." + i)).body()).isEqualTo("products");
		}
		assertThat(NEW_PRODUCTS.last().header("x-canary")).isEmpty();
	}

	@Test
	void ignoresTheHeaderOtherwise() {
		Canary canary = this.properties.canary().get("order-service");
		for (int i = 0; i < 20; i++) {
			UUID user = UUID.randomUUID();
			String wish = canary.appliesTo("order-service", user.toString(), null) ? "never" : "always";
			String body = send(request("/api/v1/orders", TOKENS.customer(user)).header("X-Canary", wish)).body();
			assertThat(body).isEqualTo(wish.equals("never") ? "new orders" : "orders");
		}
	}

	@Test
	void changesOnlyTheServer() {
		send(request("/openapi/products.json").header("X-Canary", "always"));
		assertThat(NEW_PRODUCTS.last().path()).isEqualTo("/openapi.json");
		send(request("/api/v1/products?q=a%20b").header("X-Canary", "always"));
		assertThat(NEW_PRODUCTS.last().path()).isEqualTo("/api/v1/products?q=a%20b");
	}

	@Test
	void doesNotAffectOtherServices() {
		assertThat(send(request("/api/v1/users/me", CUSTOMER).header("X-Canary", "always")).body()).isEqualTo("users");
	}

	@Test
	void hasItsOwnMetrics() {
		send(request("/api/v1/products").header("X-Canary", "always"));
		assertThat(scraped()).contains("routeId=\"products-canary\"");
	}

	@Test
	void refusesACanaryOfAnUnknownService() {
		CanaryProperties wrong = new CanaryProperties(
				Map.of("ordr-service", this.properties.canary().get("order-service")));
		assertThatIllegalStateException().isThrownBy(() -> new DeclaredRoutes(this.services, wrong, null, null))
			.withMessageContaining("ordr-service");
	}

}
