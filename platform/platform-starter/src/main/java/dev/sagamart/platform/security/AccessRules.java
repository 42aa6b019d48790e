package dev.sagamart.platform.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/**
 * A service's access rules, as its one bean of this type: who may call which path with
 * which method. What no rule names needs a valid token of a user; without the bean, that
 * holds for everything. Two rules come before the service's own: anyone may read
 * {@code /openapi.json}, and {@code /api/v1/operations} is for ADMIN.
 */
@FunctionalInterface
public interface AccessRules {

	void define(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests);

}
