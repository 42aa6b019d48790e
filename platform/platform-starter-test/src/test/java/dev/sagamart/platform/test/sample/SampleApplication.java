package dev.sagamart.platform.test.sample;

import dev.sagamart.platform.test.TestTokens;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A minimal service that returns the caller's name. */
@SpringBootApplication
public class SampleApplication {

	/**
	 * Spring Security must be configured to accept the type {@code at+jwt}.
	 */
	@Bean
	public static JwtDecoder jwtDecoder(@Value("${JWKS_URI}") String jwksUri) {
		NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(jwksUri).validateType(false).build();
		decoder.setJwtValidator(
				new DelegatingOAuth2TokenValidator<>(new JwtTypeValidator("at+jwt"), new JwtTimestampValidator(),
						new JwtIssuerValidator(TestTokens.ISSUER), new JwtAudienceValidator(TestTokens.AUDIENCE)));
		return decoder;
	}

	@RestController
	static class WhoAmIController {

		@GetMapping("/who-am-i")
		String whoAmI(Authentication authentication) {
			return authentication.getName();
		}

	}

}
