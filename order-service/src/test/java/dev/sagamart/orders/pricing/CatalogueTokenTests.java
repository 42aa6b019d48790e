package dev.sagamart.orders.pricing;

import dev.sagamart.platform.test.SettableClock;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.method;

class CatalogueTokenTests {

	private static final String ISSUER = "http://user-service/oauth2/token";

	private final SettableClock clock = SettableClock.at(Instant.now());

	private final RestClient.Builder http = RestClient.builder();

	private final MockRestServiceServer issuer = MockRestServiceServer.bindTo(this.http).build();

	private final CatalogueToken token = token();

	@Test
	void isReplacedFiveMinutesBeforeItExpires() {
		issue("first", Duration.ofMinutes(15));
		this.token.refresh();
		this.clock.pass(Duration.ofMinutes(9));
		this.token.refresh();
		assertThat(this.token.get()).isEqualTo("first");
		this.clock.pass(Duration.ofMinutes(2));
		this.issuer.verify();
		issue("second", Duration.ofHours(1));
		this.token.refresh();
		assertThat(this.token.get()).isEqualTo("second");
	}

	@Test
	void outlivesItsIssuerForSomeMinutes() {
		issue("first", Duration.ofMinutes(15));
		this.token.refresh();
		this.clock.pass(Duration.ofMinutes(14));
		failToIssue();
		this.token.refresh();
		assertThat(this.token.get()).isEqualTo("first");
		this.clock.pass(Duration.ofMinutes(2));
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(this.token::get);
		issue("second", Duration.ofHours(1));
		this.token.refresh();
		assertThat(this.token.get()).isEqualTo("second");
	}

	@Test
	void saysWhyThereIsNone() {
		failToIssue();
		this.token.refresh();
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(this.token::get)
			.withMessageStartingWith("UNAVAILABLE: No access token: ")
			.withMessageContaining("401 Unauthorized");
	}

	/** The life of a token counts by the clock of this machine. */
	private void issue(String value, Duration life) {
		this.issuer.reset();
		this.issuer.expect(method(HttpMethod.POST))
			.andRespond(MockRestResponseCreators.withSuccess("{\"access_token\":\"" + value
					+ "\",\"token_type\":\"Bearer\",\"expires_in\":" + life.toSeconds() + "}",
					MediaType.APPLICATION_JSON));
	}

	private void failToIssue() {
		this.issuer.reset();
		this.issuer.expect(method(HttpMethod.POST))
			.andRespond(MockRestResponseCreators.withStatus(HttpStatus.UNAUTHORIZED)
				.contentType(MediaType.APPLICATION_JSON)
				.body("{\"error\":\"invalid_client\"}"));
	}

	private CatalogueToken token() {
		InMemoryClientRegistrationRepository registrations = new InMemoryClientRegistrationRepository(
				ClientRegistration.withRegistrationId("catalogue")
					.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
					.clientId("order-service")
					.clientSecret("secret")
					.tokenUri(ISSUER)
					.build());
		return new CatalogueToken(new CatalogueConfiguration().authorizedClients(registrations,
				new InMemoryOAuth2AuthorizedClientService(registrations), this.http, this.clock), this.clock);
	}

}
