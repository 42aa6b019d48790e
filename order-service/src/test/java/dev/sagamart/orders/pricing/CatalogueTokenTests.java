package dev.sagamart.orders.pricing;

import dev.sagamart.platform.test.SettableClock;
import io.grpc.CallCredentials.MetadataApplier;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogueTokenTests {

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("Authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	private final AtomicInteger fetches = new AtomicInteger();

	private final SettableClock clock = SettableClock.at(Instant.now());

	private boolean issuerAway;

	private final CatalogueToken token = new CatalogueToken(this::issue, this.clock);

	@Test
	void isFetchedOnceForAllCalls() {
		List<CompletableFuture<String>> calls = Stream.generate(this::call).limit(10).toList();
		assertThat(calls).extracting(CompletableFuture::join).containsOnly("Bearer 1");
		assertThat(this.fetches).hasValue(1);
	}

	@Test
	void isThereBeforeTheFirstCall() {
		this.token.keepFresh();
		assertThat(call()).isCompletedWithValue("Bearer 1");
	}

	@Test
	void isReplacedInTheBackgroundAtHalfOfItsLife() {
		this.token.keepFresh();
		pass(Duration.ofMinutes(7));
		this.token.keepFresh();
		assertThat(call()).isCompletedWithValue("Bearer 1");
		pass(Duration.ofMinutes(1));
		assertThat(call()).isCompletedWithValue("Bearer 1");
		this.token.keepFresh();
		assertThat(call()).isCompletedWithValue("Bearer 2");
	}

	@Test
	void outlivesItsIssuerForSomeMinutes() {
		this.token.keepFresh();
		this.issuerAway = true;
		pass(Duration.ofMinutes(14));
		this.token.keepFresh();
		assertThat(call()).isCompletedWithValue("Bearer 1");
		pass(Duration.ofMinutes(1));
		assertThat(call().join()).isEqualTo("UNAVAILABLE");
		this.issuerAway = false;
		assertThat(call().join()).isEqualTo("Bearer 2");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void complainsOnlyIfItsIssuerStaysAway(CapturedOutput output) {
		this.issuerAway = true;
		keepFresh(12);
		this.issuerAway = false;
		keepFresh(1);
		pass(Duration.ofMinutes(8));
		this.issuerAway = true;
		keepFresh(12);
		assertThat(output).doesNotContain("No access token");
		keepFresh(1);
		assertThat(output).contains("No access token for product-service: [invalid_token_response]");
	}

	private void keepFresh(int times) {
		for (int i = 0; i < times; i++) {
			this.token.keepFresh();
		}
	}

	private void pass(Duration time) {
		this.clock.pass(time);
	}

	/** What product-service would see, or why it sees nothing. */
	private CompletableFuture<String> call() {
		CompletableFuture<String> seen = new CompletableFuture<>();
		this.token.applyRequestMetadata(null, Runnable::run, new MetadataApplier() {

			@Override
			public void apply(Metadata headers) {
				seen.complete(headers.get(AUTHORIZATION));
			}

			@Override
			public void fail(Status status) {
				seen.complete(status.getCode().name());
			}

		});
		return seen.orTimeout(10, TimeUnit.SECONDS);
	}

	private OAuth2AccessToken issue() {
		if (this.issuerAway) {
			throw new OAuth2AuthorizationException(new OAuth2Error("invalid_token_response"));
		}
		Instant now = this.clock.instant();
		return new OAuth2AccessToken(TokenType.BEARER, String.valueOf(this.fetches.incrementAndGet()), now,
				now.plus(Duration.ofMinutes(15)));
	}

}
