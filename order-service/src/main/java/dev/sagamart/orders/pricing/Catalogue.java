package dev.sagamart.orders.pricing;

import dev.sagamart.events.Money;
import dev.sagamart.events.grpc.CatalogueGrpc.CatalogueBlockingStub;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.events.grpc.ProductPrice;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** product-service's catalogue, asked over gRPC behind a circuit breaker. */
@Component
class Catalogue {

	private static final Logger logger = LoggerFactory.getLogger(Catalogue.class);

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	private final CatalogueBlockingStub stub;

	private final CatalogueToken token;

	private final CircuitBreaker breaker;

	private volatile boolean warm;

	Catalogue(CatalogueBlockingStub stub, CatalogueToken token, CircuitBreakerRegistry breakers) {
		this.stub = stub;
		this.token = token;
		this.breaker = breakers.circuitBreaker("catalogue");
	}

	/**
	 * Replaces the token in time, and sends empty requests until one is answered. The
	 * first call takes longer than the deadline of a request, because the keys to check
	 * the token and much code are loaded on both sides.
	 */
	@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void keepReady() {
		this.token.refresh();
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
	 * The prices of those products that exist, or empty if product-service cannot be
	 * asked now.
	 */
	Optional<List<ListedPrice>> pricesOf(Collection<UUID> productIds) {
		GetPricesRequest request = GetPricesRequest.newBuilder()
			.addAllProductIds(productIds.stream().map(UUID::toString).toList())
			.build();
		try {
			return Optional.of(this.breaker.executeSupplier(() -> this.stub.getPrices(request))
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

	private static ListedPrice listedPrice(ProductPrice price) {
		UUID productId = UUID.fromString(price.getProductId());
		Quote quote = price.getActive() ? new Quote(price.getName(), new Money(price.getAmount(), price.getCurrency()))
				: null;
		return new ListedPrice(productId, quote, price.getVersion());
	}

}
