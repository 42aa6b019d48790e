package dev.sagamart.products;

import dev.sagamart.platform.security.AccessRules;
import dev.sagamart.platform.security.Role;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** Anyone may look, only administrators may change or count. */
@Configuration(proxyBeanMethods = false)
class ProductAccess {

	private static final String[] PUBLIC = { "/api/v1/products", "/api/v1/products/{id}",
			"/api/v1/products/{id}/recommendations", "/api/v1/products/{id}/image", "/api/v1/categories" };

	private static final String[] CATALOGUE = { "/api/v1/products", "/api/v1/products/{id}",
			"/api/v1/products/{id}/restoration" };

	private static final String[] STOCK = { "/api/v1/products/{id}/stock", "/api/v1/products/{id}/stock-adjustments" };

	@Bean
	AccessRules productAccessRules() {
		return (requests) -> requests.requestMatchers(HttpMethod.GET, PUBLIC)
			.permitAll()
			.requestMatchers(HttpMethod.HEAD, PUBLIC)
			.permitAll()
			.requestMatchers(CATALOGUE)
			.hasRole(Role.ADMIN.name())
			.requestMatchers(STOCK)
			.hasRole(Role.ADMIN.name());
	}

}
