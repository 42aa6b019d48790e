package dev.sagamart.orders.pricing;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Gets the access token of order-service from user-service. */
@Configuration(proxyBeanMethods = false)
class CatalogueTokenConfiguration {

	/** Includes the TLS handshake; the first one loads much code. */
	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

	@Bean
	CatalogueToken catalogueToken(PricingProperties properties, SslBundles bundles, Clock clock) {
		PricingProperties.Client client = properties.client();
		ClientRegistration registration = ClientRegistration.withRegistrationId("catalogue")
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.clientId(client.id())
			.clientSecret(client.secret())
			.scope("catalogue.read")
			.tokenUri(client.tokenUri().toString())
			.build();
		OAuth2ClientCredentialsGrantRequest request = new OAuth2ClientCredentialsGrantRequest(registration);
		String bundle = properties.sslBundle();
		RestClientClientCredentialsTokenResponseClient issuer = issuer(
				(bundle != null) ? bundles.getBundle(bundle).createSslContext() : null);
		return new CatalogueToken(() -> issuer.getTokenResponse(request).getAccessToken(), clock);
	}

	private static RestClientClientCredentialsTokenResponseClient issuer(@Nullable SSLContext tls) {
		HttpClient.Builder http = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(CONNECT_TIMEOUT);
		if (tls != null) {
			http.sslContext(tls);
		}
		JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http.build());
		requests.setReadTimeout(READ_TIMEOUT);
		RestClientClientCredentialsTokenResponseClient issuer = new RestClientClientCredentialsTokenResponseClient();
		issuer.setRestClient(RestClient.builder()
			.requestFactory(requests)
			.configureMessageConverters((converters) -> converters.addCustomConverter(new FormHttpMessageConverter())
				.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
			.defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
			.build());
		return issuer;
	}

}
