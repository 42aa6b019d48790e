package dev.sagamart.platform.test;

import dev.sagamart.platform.test.sample.SampleApplication;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TestTokensTests {

	private static final TestTokens TOKENS = TestTokens.shared();

	private final JwtDecoder decoder = SampleApplication.jwtDecoder(TOKENS.jwksUri());

	@Test
	void areWhatUserServiceIssues() {
		UUID user = UUID.randomUUID();
		Jwt token = this.decoder.decode(TOKENS.customer(user));
		assertThat(token.getSubject()).isEqualTo(user.toString());
		assertThat(token.getClaimAsStringList("roles")).containsExactly("CUSTOMER");
		assertThat(token.getAudience()).containsExactly("sagamart");
		assertThat(token.getId()).isNotBlank();
		assertThat(token.getExpiresAt()).isAfter(Instant.now().plusSeconds(800));
		assertThat(this.decoder.decode(TOKENS.admin(user)).getClaimAsStringList("roles")).containsExactly("ADMIN");
	}

	static List<String> bad() {
		return List.of(TOKENS.token().issuer("https://elsewhere").compact(),
				TOKENS.token().audience("somebody").compact(),
				TOKENS.token().expiresAt(Instant.now().minusSeconds(3600)).compact(),
				TOKENS.token().notBefore(Instant.now().plusSeconds(3600)).compact(),
				TOKENS.token().header("typ", "JWT").compact(), TOKENS.token().header("typ", null).compact(),
				TOKENS.token().claim("iss", null).compact(), TOKENS.token().header("kid", "another").compact(),
				TOKENS.token().signedBy(TestTokens.newKeys().getPrivate()).compact(), TOKENS.token().unsigned(),
				TOKENS.token().signedWithPublicKeyAsSecret());
	}

	@ParameterizedTest
	@MethodSource("bad")
	void mayBeAsBadAsATestWants(String token) {
		assertThatExceptionOfType(JwtException.class).isThrownBy(() -> this.decoder.decode(token));
	}

}
