package dev.sagamart.products.catalogue.grpc;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.ProductPrice;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.products.ProductApi;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@PlatformTest
class CataloguePricesIntegrationTests {

	@Autowired
	private TestTokens tokens;

	private ProductApi api;

	private ManagedChannel channel;

	@BeforeEach
	void connect(@Autowired RestTestClient client, @Autowired GrpcServerLifecycle server) {
		this.api = new ProductApi(client, this.tokens);
		this.channel = NettyChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
	}

	@AfterEach
	void disconnect() {
		this.channel.shutdownNow();
	}

	@Test
	void returnsThePricesOfExistingProducts() {
		UUID sold = this.api.product("Lamp", "lamps", 1999, 1);
		UUID gone = this.api.product("Chair", "chairs", 4999, 1);
		this.api.delete(gone).expect(204);
		List<ProductPrice> prices = prices(sold.toString(), gone.toString().toUpperCase(), UUID.randomUUID().toString(),
				sold.toString());
		long version = this.api.get("/api/v1/products/" + sold).json().path("version").asLong();
		assertThat(prices).hasSize(2)
			.contains(ProductPrice.newBuilder()
				.setProductId(sold.toString())
				.setName("Lamp")
				.setAmount(1999)
				.setCurrency("EUR")
				.setActive(true)
				.setVersion(version)
				.build());
		assertThat(prices).filteredOn((price) -> !price.getActive())
			.singleElement()
			.satisfies((price) -> assertThat(price.getProductId()).isEqualTo(gone.toString()))
			.satisfies((price) -> assertThat(price.getVersion()).isGreaterThan(version));
	}

	@Test
	void returnsANewPriceImmediately() {
		UUID id = this.api.product("Lamp", "lamps", 1999, 1);
		Map<String, Object> body = this.api.bodyOf(id);
		body.put("price", Map.of("amount", 2100, "currency", "EUR"));
		this.api.put(id, body).expect(200);
		assertThat(prices(id.toString())).singleElement().extracting(ProductPrice::getAmount).isEqualTo(2100L);
	}

	@Test
	void refusesInvalidIdsAndTooManyIds() {
		assertThat(prices()).isEmpty();
		assertThat(prices(ids(50))).isEmpty();
		assertRefused(ids(51));
		assertRefused("1-1-1-1-1");
		assertRefused("");
		assertRefused("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz");
	}

	@Test
	void reportsItsHealth() {
		assertThat(HealthGrpc.newBlockingStub(this.channel)
			.withDeadlineAfter(10, TimeUnit.SECONDS)
			.check(HealthCheckRequest.getDefaultInstance())
			.getStatus()).isEqualTo(ServingStatus.SERVING);
	}

	@Test
	void requiresTheScopeOfAService() {
		assertThat(refusal(null)).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(refusal("nonsense")).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(refusal(this.tokens.token().audience("another").compact())).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(refusal(this.tokens.service("order-service"))).isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(refusal(this.tokens.service("order-service", "catalogue.write")))
			.isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(refusal(this.tokens.admin(UUID.randomUUID()))).isEqualTo(Status.Code.PERMISSION_DENIED);
	}

	private Status.Code refusal(@Nullable String token) {
		CatalogueGrpc.CatalogueBlockingStub stub = CatalogueGrpc.newBlockingStub(this.channel)
			.withDeadlineAfter(10, TimeUnit.SECONDS);
		CatalogueGrpc.CatalogueBlockingStub caller = (token != null) ? stub.withInterceptors(bearer(token)) : stub;
		StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class,
				() -> caller.getPrices(GetPricesRequest.getDefaultInstance()));
		assertThat(refusal).isNotNull();
		return refusal.getStatus().getCode();
	}

	private static ClientInterceptor bearer(String token) {
		Metadata headers = new Metadata();
		headers.put(Metadata.Key.of("Authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
		return MetadataUtils.newAttachHeadersInterceptor(headers);
	}

	private void assertRefused(String... ids) {
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> prices(ids))
			.extracting((refusal) -> refusal.getStatus().getCode())
			.isEqualTo(Status.Code.INVALID_ARGUMENT);
	}

	private List<ProductPrice> prices(String... ids) {
		return CatalogueGrpc.newBlockingStub(this.channel)
			.withInterceptors(bearer(this.tokens.service("order-service", "catalogue.read")))
			.withDeadlineAfter(10, TimeUnit.SECONDS)
			.getPrices(GetPricesRequest.newBuilder().addAllProductIds(List.of(ids)).build())
			.getPricesList();
	}

	private static String[] ids(int count) {
		return Stream.generate(() -> UUID.randomUUID().toString()).limit(count).toArray(String[]::new);
	}

}
