package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProviderConfiguration {

	@Bean(destroyMethod = "close")
	StripeHttpClient stripeHttpClient(ProviderProperties properties) {
		return new StripeHttpClient(properties.connectTimeout(), properties.readTimeout());
	}

	@Bean
	StripeClient stripeClient(ProviderProperties properties, StripeHttpClient http) {
		return StripeClient.builder()
			.setApiKey(properties.key())
			.setApiBase(properties.url().toString())
			.setMaxNetworkRetries(0)
			.setHttpClient(http)
			.build();
	}

}
