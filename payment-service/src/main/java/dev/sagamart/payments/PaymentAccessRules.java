package dev.sagamart.payments;

import dev.sagamart.platform.security.AccessRules;
import dev.sagamart.platform.security.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

@Configuration(proxyBeanMethods = false)
class PaymentAccessRules {

	@Bean
	AccessRules accessRules() {
		return (requests) -> requests.requestMatchers(HttpMethod.POST, "/api/v1/payments/provider-events")
			.permitAll()
			.requestMatchers("/api/v1/payments/*/refunds")
			.hasRole(Role.ADMIN.name())
			.requestMatchers("/api/v1/payments/reconciliation")
			.hasRole(Role.ADMIN.name());
	}

}
