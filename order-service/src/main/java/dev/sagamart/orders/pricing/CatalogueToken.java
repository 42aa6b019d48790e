package dev.sagamart.orders.pricing;

import io.grpc.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.stereotype.Component;

/**
 * The access token that product-service is called with. It is replaced in the background
 * before it expires, so that calls never wait for user-service, which may be unavailable
 * for some minutes.
 */
@Component
class CatalogueToken implements Supplier<String> {

	private static final OAuth2AuthorizeRequest REQUEST = OAuth2AuthorizeRequest.withClientRegistrationId("catalogue")
		.principal("order-service")
		.build();

	private final OAuth2AuthorizedClientManager clients;

	private final Clock clock;

	private volatile @Nullable OAuth2AccessToken token;

	private volatile String problem = "it has not been issued yet";

	CatalogueToken(OAuth2AuthorizedClientManager clients, Clock clock) {
		this.clients = clients;
		this.clock = clock;
	}

	/** Replaces the token if it expires soon. Until that succeeds, it stays in use. */
	void refresh() {
		try {
			this.token = Objects.requireNonNull(this.clients.authorize(REQUEST)).getAccessToken();
		}
		catch (OAuth2AuthorizationException ex) {
			this.problem = ex.getError().toString();
		}
	}

	/**
	 * The value of the token.
	 * @throws io.grpc.StatusRuntimeException if there is none, or if it has expired
	 */
	@Override
	public String get() {
		OAuth2AccessToken known = this.token;
		Instant now = this.clock.instant();
		if (known == null || Objects.requireNonNullElse(known.getExpiresAt(), now).isBefore(now)) {
			throw Status.UNAVAILABLE.withDescription("No access token: " + this.problem).asRuntimeException();
		}
		return known.getTokenValue();
	}

}
