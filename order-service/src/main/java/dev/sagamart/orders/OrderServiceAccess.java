package dev.sagamart.orders;

import dev.sagamart.platform.security.AccessRules;
import dev.sagamart.platform.security.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** Who may call what; whose order it is, is decided where the order is read. */
@Configuration(proxyBeanMethods = false)
class OrderServiceAccess {

	@Bean
	AccessRules accessRules() {
		return (requests) -> requests.requestMatchers("/api/v1/operations/**")
			.hasRole(Role.ADMIN.name())
			.requestMatchers(HttpMethod.POST, "/api/v1/orders/*/shipment", "/api/v1/orders/*/delivery")
			.hasRole(Role.ADMIN.name());
	}

}
