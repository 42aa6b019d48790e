package dev.sagamart.orders.pricing;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

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

	private final Supplier<OAuth2AccessToken> issuer;

	private final Clock clock;

	private volatile @Nullable Token token;

	private @Nullable CompletableFuture<Token> next;

	private int failures;

	CatalogueToken(Supplier<OAuth2AccessToken> issuer, Clock clock) {
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
			return;
		}
		CompletableFuture<Token> _ = successorOf(known).whenComplete((fetched, failure) -> {
			if (failure == null) {
				applier.apply(headers(fetched));
			}
			else {
				applier.fail(Status.UNAVAILABLE.withDescription("No access token").withCause(failure));
			}
		});
	}

	/** Replaces the token when half of its lifetime has passed. */
	@Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
	void keepFresh() {
		Token known = this.token;
		if (known != null && this.clock.instant().isBefore(known.staleAt())) {
			return;
		}
		try {
			successorOf(known).join();
			this.failures = 0;
		}
		catch (CompletionException ex) {
			if (++this.failures > QUIET_FAILURES) {
				logger.warn("No access token for product-service: {}",
						Objects.requireNonNull(ex.getCause()).getMessage());
			}
		}
	}

	/** The token after that one: one request for all that wait for it. */
	private synchronized CompletableFuture<Token> successorOf(@Nullable Token known) {
		CompletableFuture<Token> successor = this.next;
		if (successor == null || (successor.isDone() && Objects.equals(this.token, known))) {
			successor = CompletableFuture.supplyAsync(this::fetch,
					(work) -> Thread.ofVirtual().name("catalogue-token").start(work));
			this.next = successor;
		}
		return successor;
	}

	private Token fetch() {
		OAuth2AccessToken fetched = this.issuer.get();
		Instant now = this.clock.instant();
		Instant expiresAt = (fetched.getExpiresAt() != null) ? fetched.getExpiresAt() : now;
		Token token = new Token(fetched.getTokenValue(), now.plus(Duration.between(now, expiresAt).dividedBy(2)),
				expiresAt.minus(MARGIN));
		this.token = token;
		return token;
	}

	private static Metadata headers(Token token) {
		Metadata headers = new Metadata();
		headers.put(AUTHORIZATION, "Bearer " + token.value());
		return headers;
	}

}
