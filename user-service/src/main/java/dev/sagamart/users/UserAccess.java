package dev.sagamart.users;

import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.users.user.Accounts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/** Who has which role is decided by the users' own rows, not by what a token says. */
@Configuration(proxyBeanMethods = false)
class UserAccess {

	@Bean
	JwtAuthenticationConverter currentAuthorities(Accounts accounts, TokenAuthorities authorities) {
		JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
		converter.setJwtGrantedAuthoritiesConverter(new CurrentAuthorities(authorities, accounts));
		return converter;
	}

}
