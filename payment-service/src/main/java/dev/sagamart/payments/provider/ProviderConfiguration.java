package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProviderConfiguration {

	private static final String NAME = "payment-provider";

	@Bean(destroyMethod = "close")
	StripeHttpClient stripeHttpClient(ProviderProperties properties) {
		return new StripeHttpClient(properties.connectTimeout(), properties.readTimeout());
	}

	@Bean
	CircuitBreaker providerBreaker(ProviderProperties properties, MeterRegistry meters) {
		CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
			.slidingWindow(100, 20, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
			.failureRateThreshold(50)
			.slowCallDurationThreshold(properties.readTimeout().dividedBy(2))
			.slowCallRateThreshold(50)
			.waitDurationInOpenState(properties.breakerWait())
			.automaticTransitionFromOpenToHalfOpenEnabled(true)
			.permittedNumberOfCallsInHalfOpenState(10)
			.recordResult((result) -> result instanceof ProviderResult.Unknown
					|| result instanceof ProviderResult.NotAsked || result instanceof ProviderResult.KeyRefused)
			.build());
		TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(registry).bindTo(meters);
		return registry.circuitBreaker(NAME);
	}

	/**
	 * Bounds how many operations are under way; a permit is held for a whole operation.
	 */
	@Bean
	Bulkhead providerBulkhead(ProviderProperties properties, MeterRegistry meters) {
		BulkheadRegistry registry = BulkheadRegistry
			.of(BulkheadConfig.custom().maxConcurrentCalls(properties.maxConcurrent()).build());
		TaggedBulkheadMetrics.ofBulkheadRegistry(registry).bindTo(meters);
		return registry.bulkhead(NAME);
	}

	@Bean(destroyMethod = "close")
	ResilientPaymentProvider paymentProvider(ProviderProperties properties, StripeHttpClient http,
			CircuitBreaker breaker) {
		StripeClient stripe = StripeClient.builder()
			.setApiKey(properties.key())
			.setApiBase(properties.url().toString())
			.setMaxNetworkRetries(0)
			.setHttpClient(http)
			.build();
		Retry retry = Retry.of(NAME, RetryConfig.<ProviderResult>custom()
			.maxAttempts(3)
			.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(properties.retryWait(), 2))
			.retryOnResult((result) -> result instanceof ProviderResult.Unknown unknown && unknown.askAgainAtOnce())
			.retryOnException((ex) -> false)
			.build());
		TimeLimiter timeLimiter = TimeLimiter
			.of(TimeLimiterConfig.custom().timeoutDuration(properties.overallTimeout()).build());
		return new ResilientPaymentProvider(new StripePaymentProvider(stripe), breaker, retry, timeLimiter);
	}

}
