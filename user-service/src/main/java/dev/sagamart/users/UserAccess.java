package dev.sagamart.users;

import dev.sagamart.platform.security.AccessRules;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.users.user.Accounts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/**
 * Anyone may register and log in; everybody has their own account; ADMIN sees all. Who
 * has which role is decided by the users' own rows, not by what a token says of them.
 */
@Configuration(proxyBeanMethods = false)
class UserAccess {

	@Bean
	AccessRules userAccessRules() {
		return (requests) -> requests
			.requestMatchers(HttpMethod.POST, "/api/v1/users", "/api/v1/sessions", "/api/v1/sessions/refresh",
					"/api/v1/email-confirmations", "/api/v1/password-resets")
			.permitAll()
			.requestMatchers(HttpMethod.PUT, "/api/v1/password-resets/*")
			.permitAll()
			.requestMatchers(HttpMethod.GET, "/oauth2/jwks", "/oauth2/revoked-tokens")
			.permitAll()
			.requestMatchers(HttpMethod.HEAD, "/oauth2/jwks", "/oauth2/revoked-tokens")
			.permitAll()
			.requestMatchers("/userinfo")
			.hasAuthority("SCOPE_openid")
			.requestMatchers(HttpMethod.GET, "/api/v1/users/me")
			.hasAnyAuthority(TokenAuthorities.USER, "SCOPE_profile")
			.requestMatchers(HttpMethod.HEAD, "/api/v1/users/me")
			.hasAnyAuthority(TokenAuthorities.USER, "SCOPE_profile")
			.requestMatchers(HttpMethod.DELETE, "/api/v1/sessions/current")
			.hasAnyAuthority(TokenAuthorities.USER, "SCOPE_openid")
			.requestMatchers("/api/v1/users/me", "/api/v1/users/me/**")
			.hasAnyRole(Role.CUSTOMER.name(), Role.ADMIN.name())
			.requestMatchers("/api/v1/users", "/api/v1/users/**", "/api/v1/operations/**")
			.hasRole(Role.ADMIN.name());
	}

	@Bean
	JwtAuthenticationConverter currentAuthorities(Accounts accounts, TokenAuthorities authorities) {
		JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
		converter.setJwtGrantedAuthoritiesConverter(new CurrentAuthorities(authorities, accounts));
		return converter;
	}

}
