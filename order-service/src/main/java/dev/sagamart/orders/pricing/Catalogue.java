package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.events.grpc.ProductPrice;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.Grpc;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** product-service's catalogue, asked over gRPC behind a circuit breaker. */
@Component
class Catalogue implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Catalogue.class);

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	private final ManagedChannel channel;

	private final CatalogueGrpc.CatalogueBlockingStub stub;

	private final CircuitBreaker breaker;

	private final Duration deadline;

	private volatile boolean warm;

	Catalogue(PricingProperties properties, CircuitBreakerRegistry breakers, CatalogueToken token, SslBundles bundles) {
		// The keepalive time-out also bounds how long sent data may stay unacknowledged,
		// which is how a half-open connection is noticed.
		this.channel = Grpc.newChannelBuilder(properties.address(), credentials(properties.sslBundle(), bundles))
			.keepAliveTime(15, TimeUnit.SECONDS)
			.keepAliveTimeout(5, TimeUnit.SECONDS)
			.build();
		// Connects now, so that the first call does not spend its deadline on it.
		this.channel.getState(true);
		this.stub = CatalogueGrpc.newBlockingStub(this.channel).withCallCredentials(token);
		this.breaker = breakers.circuitBreaker("catalogue");
		this.deadline = properties.deadline();
	}

	private static ChannelCredentials credentials(@Nullable String sslBundle, SslBundles bundles) {
		if (sslBundle == null) {
			return InsecureChannelCredentials.create();
		}
		SslManagerBundle managers = bundles.getBundle(sslBundle).getManagers();
		return TlsChannelCredentials.newBuilder()
			.keyManager(managers.getKeyManagers())
			.trustManager(managers.getTrustManagers())
			.build();
	}

	/**
	 * Sends empty requests until one is answered. The first call takes longer than the
	 * deadline of a request, because the token, the keys to check it and much code are
	 * loaded on both sides.
	 */
	@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void warmUp() {
		if (this.warm) {
			return;
		}
		try {
			GetPricesResponse _ = this.stub.withWaitForReady()
				.withDeadlineAfter(WARM_UP.toMillis(), TimeUnit.MILLISECONDS)
				.getPrices(GetPricesRequest.getDefaultInstance());
			this.warm = true;
		}
		catch (StatusRuntimeException ex) {
			logger.debug("product-service does not answer yet: {}", ex.getMessage());
		}
	}

	/**
	 * The prices of those products that exist, or empty if there is no answer in time.
	 */
	Optional<List<ListedPrice>> pricesOf(Collection<UUID> productIds) {
		GetPricesRequest request = GetPricesRequest.newBuilder()
			.addAllProductIds(productIds.stream().map(UUID::toString).toList())
			.build();
		try {
			return Optional.of(
					this.breaker
						.executeSupplier(
								() -> this.stub.withDeadlineAfter(this.deadline.toMillis(), TimeUnit.MILLISECONDS)
									.getPrices(request))
						.getPricesList()
						.stream()
						.map(Catalogue::listedPrice)
						.toList());
		}
		catch (StatusRuntimeException | CallNotPermittedException ex) {
			logger.warn("Cannot ask product-service for prices: {}", ex.getMessage());
			return Optional.empty();
		}
	}

	@Override
	public void destroy() {
		this.channel.shutdownNow();
	}

	private static ListedPrice listedPrice(ProductPrice price) {
		UUID productId = UUID.fromString(price.getProductId());
		Quote quote = price.getActive() ? new Quote(price.getName(), new Money(price.getAmount(), price.getCurrency()))
				: null;
		return new ListedPrice(productId, quote, price.getVersion());
	}

}
