package dev.sagamart.platform.tokens;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RevokedTokensTests {

	private final String user = UUID.randomUUID().toString();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private HttpServer issuer;

	private volatile String list = "{\"revoked\": {}}";

	private RevokedTokens revoked;

	@BeforeEach
	void start() throws IOException {
		this.issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.issuer.createContext("/oauth2/revoked-tokens", (exchange) -> {
			byte[] body = this.list.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.issuer.start();
		this.revoked = new RevokedTokens(
				URI.create("http://localhost:" + this.issuer.getAddress().getPort() + "/oauth2/jwks"), null,
				this.meters);
	}

	@AfterEach
	void stop() {
		this.revoked.stop();
		this.issuer.stop(0);
	}

	@Test
	void knowsEarlierRevocationsAfterTheStart() {
		revoke(2);
		this.revoked.start();
		assertThat(this.revoked.isRunning()).isTrue();
		assertRefused(null);
		assertRefused(1);
		assertAccepted(2);
		assertAccepted(3);
		assertThat(this.revoked.generationOf(this.user)).isEqualTo(2);
		assertThat(this.revoked.generationOf(UUID.randomUUID().toString())).isZero();
		assertThat(this.revoked.generationOf(null)).isZero();
	}

	@Test
	void noticesNewRevocationsWhileItRuns() {
		this.revoked.start();
		assertAccepted(0);
		revoke(1);
		Awaitility.await().untilAsserted(() -> assertRefused(0));
		this.list = "{\"revoked\": {}}";
		Awaitility.await().untilAsserted(() -> assertAccepted(0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{}", "{\"revoked\": 1}", "{\"revoked\": {\"a\": \"b\"}}" })
	void keepsTheLastListWhenANewOneCannotBeParsed(String unreadable) {
		revoke(1);
		this.revoked.start();
		this.list = unreadable;
		this.revoked.stop();
		this.revoked.start();
		assertRefused(0);
		this.issuer.stop(0);
		this.revoked.stop();
		assertThat(this.revoked.isRunning()).isFalse();
		this.revoked.start();
		assertRefused(0);
	}

	@Test
	void measuresTheAgeOfTheList() {
		this.issuer.stop(0);
		this.revoked.start();
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> this.meters.get("sagamart.security.revoked.tokens.age").timeGauge().value() > 1);
	}

	@Test
	void refusesAListAddressThatIsNotAUrl() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RevokedTokens(URI.create("mailto:keys@example.com"), null, this.meters));
	}

	private void revoke(long generation) {
		this.list = "{\"revoked\": {\"" + RevokedTokens.hashOf(this.user) + "\": " + generation + "}}";
	}

	private void assertAccepted(@Nullable Integer generation) {
		assertThatCode(() -> this.revoked.check(token(generation))).doesNotThrowAnyException();
	}

	private void assertRefused(@Nullable Integer generation) {
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> this.revoked.check(token(generation)));
	}

	private Jwt token(@Nullable Integer generation) {
		return Jwt.withTokenValue("token").header("alg", "none").subject(this.user).claims((claims) -> {
			if (generation != null) {
				claims.put(RevokedTokens.GENERATION, generation);
			}
		}).build();
	}

}
