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

/** One check of access tokens for whoever answers requests. */
@AutoConfiguration(before = OAuth2ResourceServerAutoConfiguration.class)
@ConditionalOnClass({ JwtDecoder.class, MeterRegistry.class, Caffeine.class })
@ConditionalOnWebApplication
@EnableConfigurationProperties(SecurityProperties.class)
class TokensAutoConfiguration {

	/**
	 * Whoever has the keys knows by itself which tokens were taken back. Before the keys
	 * and the decoder, so that it is seen whether there are others, which have no use for
	 * it.
	 */
	@Bean
	@ConditionalOnMissingBean({ JWKSource.class, JwtDecoder.class })
	RevokedTokens revokedTokens(SecurityProperties properties, SslBundles bundles, MeterRegistry meters) {
		return new RevokedTokens(properties.jwksUri(), tls(properties, bundles), meters);
	}

	@Bean
	@ConditionalOnMissingBean({ JWKSource.class, JwtDecoder.class })
	PublishedKeys publishedKeys(SecurityProperties properties, SslBundles bundles, Clock clock) {
		return new PublishedKeys(properties, tls(properties, bundles), clock);
	}

	@Bean
	@ConditionalOnMissingBean(JwtDecoder.class)
	AccessTokens jwtDecoder(SecurityProperties properties, JWKSource<SecurityContext> keys,
			ObjectProvider<RevokedTokens> revoked, Clock clock) {
		return new AccessTokens(properties, keys, revoked.getIfAvailable(), clock);
	}

	@Bean
	@ConditionalOnMissingBean
	TokenAuthorities tokenAuthorities(SecurityProperties properties) {
		return new TokenAuthorities(properties.scope());
	}

	/**
	 * One span per request is enough; without this, every filter is wrapped for its own.
	 */
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
