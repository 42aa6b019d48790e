package dev.sagamart.platform.tokens;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Configures the same validation of access tokens for the gateway and every service. */
@AutoConfiguration(before = OAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnClass({ JwtDecoder.class, MeterRegistry.class, Caffeine.class })
@ConditionalOnWebApplication
@EnableConfigurationProperties(SecurityProperties.class)
class TokensAutoConfiguration {

	/**
	 * Not needed in an application with its own keys or decoder: the issuer reads
	 * revocations from its database. Declared before the keys and the decoder below, so
	 * that the condition sees only those of the application.
	 */
	@Bean
	@ConditionalOnMissingBean({ JWKSource.class, JwtDecoder.class })
	RevokedTokens revokedTokens(SecurityProperties properties, SslBundles bundles, MeterRegistry meters) {
		return new RevokedTokens(properties.jwksUri(), tls(properties, bundles), meters);
	}

	@Bean
	@ConditionalOnMissingBean({ JWKSource.class, JwtDecoder.class })
	IssuerJwkSource publishedKeys(SecurityProperties properties, SslBundles bundles, Clock clock) {
		return new IssuerJwkSource(properties, tls(properties, bundles), clock);
	}

	@Bean
	@ConditionalOnMissingBean(JwtDecoder.class)
	AccessTokenDecoder jwtDecoder(SecurityProperties properties, JWKSource<SecurityContext> keys,
			ObjectProvider<RevokedTokens> revoked, Clock clock) {
		return new AccessTokenDecoder(properties, keys, revoked.getIfAvailable(), clock);
	}

	@Bean
	@ConditionalOnMissingBean
	TokenAuthorities tokenAuthorities(SecurityProperties properties) {
		return new TokenAuthorities(properties.scope());
	}

	/** Avoids a span for every security filter; one per request is enough. */
	@Bean
	@ConditionalOnMissingBean
	SecurityObservationSettings noSecuritySpans() {
		return SecurityObservationSettings.noObservations();
	}

	private static @Nullable SSLSocketFactory tls(SecurityProperties properties, SslBundles bundles) {
		String bundle = properties.sslBundle();
		return (bundle != null) ? bundles.getBundle(bundle).createSslContext().getSocketFactory() : null;
	}

}
