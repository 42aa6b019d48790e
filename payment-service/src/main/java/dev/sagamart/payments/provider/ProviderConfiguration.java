package dev.sagamart.payments.provider;

import com.stripe.StripeClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(StripeHttpClient.class)
class ProviderConfiguration {

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
