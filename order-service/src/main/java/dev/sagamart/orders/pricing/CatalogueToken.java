package dev.sagamart.orders.pricing;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;

/**
 * Adds an access token of the client-credentials grant to every call of product-service.
 * A token is replaced in the background after half of its lifetime, so that calls rarely
 * wait for one, and user-service may be unavailable for some minutes. A call without a
 * token waits for one until its own deadline at most.
 */
class CatalogueToken extends CallCredentials {

	private static final Logger logger = LoggerFactory.getLogger(CatalogueToken.class);

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("Authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	/** Tokens that expire sooner are not used: the other clock may be ahead of ours. */
	private static final Duration MARGIN = Duration.ofSeconds(30);

	/**
	 * Failures of {@link #keepFresh} that are not logged, one minute of them:
	 * user-service may start later than this service, or restart.
	 */
	private static final int QUIET_FAILURES = 12;

	private final OAuth2ClientCredentialsGrantRequest request;

	private final OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> issuer;

	private final Clock clock;

	private final ReentrantLock fetching = new ReentrantLock();

	private volatile @Nullable Token token;

	private int failures;

	CatalogueToken(ClientRegistration client,
			OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> issuer, Clock clock) {
		this.request = new OAuth2ClientCredentialsGrantRequest(client);
		this.issuer = issuer;
		this.clock = clock;
	}

	private record Token(String value, Instant staleAt, Instant uselessAt) {
	}

	@Override
	public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
		Token known = this.token;
		if (known != null && this.clock.instant().isBefore(known.uselessAt())) {
			applier.apply(headers(known));
		}
		else {
			Thread.ofVirtual().name("catalogue-token").start(() -> applyFetched(applier));
		}
	}

	private void applyFetched(MetadataApplier applier) {
		try {
			applier.apply(headers(fetchIfNeeded()));
		}
		catch (RuntimeException ex) {
			applier.fail(Status.UNAVAILABLE.withDescription("No access token").withCause(ex));
		}
	}

	/** Replaces the token when half of its lifetime has passed. */
	@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void keepFresh() {
		Token known = this.token;
		if ((known != null && this.clock.instant().isBefore(known.staleAt())) || !this.fetching.tryLock()) {
			return;
		}
		try {
			this.token = fetch();
			this.failures = 0;
		}
		catch (OAuth2AuthorizationException ex) {
			if (++this.failures > QUIET_FAILURES) {
				logger.warn("No access token for product-service: {}", ex.getError());
			}
		}
		finally {
			this.fetching.unlock();
		}
	}

	/** One fetch for all calls that wait. */
	private Token fetchIfNeeded() {
		this.fetching.lock();
		try {
			Token known = this.token;
			if (known == null || !this.clock.instant().isBefore(known.uselessAt())) {
				known = fetch();
				this.token = known;
			}
			return known;
		}
		finally {
			this.fetching.unlock();
		}
	}

	private Token fetch() {
		OAuth2AccessToken fetched = this.issuer.getTokenResponse(this.request).getAccessToken();
		Instant now = this.clock.instant();
		Instant expiresAt = (fetched.getExpiresAt() != null) ? fetched.getExpiresAt() : now;
		return new Token(fetched.getTokenValue(), now.plus(Duration.between(now, expiresAt).dividedBy(2)),
				expiresAt.minus(MARGIN));
	}

	private static Metadata headers(Token token) {
		Metadata headers = new Metadata();
		headers.put(AUTHORIZATION, "Bearer " + token.value());
		return headers;
	}

}
