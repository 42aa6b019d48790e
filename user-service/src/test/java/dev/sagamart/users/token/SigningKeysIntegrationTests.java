package dev.sagamart.users.token;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.users.UsersTest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysIntegrationTests extends UsersTest {

	@Autowired
	private SigningKeyRepository repository;

	@Autowired
	private SigningKeys keys;

	@Autowired
	private TokenProperties properties;

	@Test
	void publishesPublicKeysOnly() throws Exception {
		Answer answer = get("/oauth2/jwks", null);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Cache-Control")).isEqualTo("max-age=300, public");
		assertThat(answer.header("Content-Type")).startsWith("application/json");
		JWKSet published = JWKSet.parse(answer.response().body());
		assertThat(published.getKeys()).singleElement().satisfies((key) -> {
			assertThat(key.isPrivate()).isFalse();
			assertThat(key.getAlgorithm().getName()).isEqualTo("RS256");
			assertThat(key.getKeyUse().identifier()).isEqualTo("sig");
			assertThat(key.size()).isEqualTo(2048);
		});
	}

	@Test
	void signsTokensThatAnybodyCanCheck() throws Exception {
		String token = customer("ann@example.com");
		SignedJWT jwt = SignedJWT.parse(token);
		RSAKey key = JWKSet.parse(get("/oauth2/jwks", null).response().body())
			.getKeyByKeyId(jwt.getHeader().getKeyID())
			.toRSAKey();
		assertThat(jwt.verify(new RSASSAVerifier(key))).isTrue();
		assertThat(jwt.getHeader().getType().getType()).isEqualTo("at+jwt");
		assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
		var claims = jwt.getJWTClaimsSet();
		assertThat(claims.getIssuer()).isEqualTo("http://localhost:8080");
		assertThat(claims.getAudience()).containsExactly("sagamart");
		assertThat(claims.getSubject()).isEqualTo(idOf("ann@example.com").toString());
		assertThat(claims.getStringListClaim("roles")).containsExactly("CUSTOMER");
		assertThat(claims.getJWTID()).isNotBlank();
		assertThat(Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
			.isEqualTo(Duration.ofMinutes(15));
		assertThat(claims.getExpirationTime().toInstant()).isBetween(Instant.now().plusSeconds(840),
				Instant.now().plusSeconds(905));
	}

	@Test
	void keepTheirIdOverARestart() {
		SigningKeys afterRestart = new SigningKeys(this.repository, this.properties);
		assertThat(afterRestart.current()).isEqualTo(this.keys.current());
		AccessTokens.AccessToken token = new AccessTokens(afterRestart, this.properties, Clock.systemUTC())
			.issue(UUID.randomUUID(), EnumSet.of(Role.ADMIN));
		assertThat(get("/api/v1/users", token.value()).status()).isEqualTo(200);
	}

	@Test
	void areMadeOnceByInstancesThatStartTogether() throws Exception {
		List<SigningKeyRepository.StoredKey> before = this.repository.findAll();
		try {
			this.jdbc.sql("DELETE FROM signing_key").update();
			List<String> ids = atOnce(6, () -> new SigningKeys(this.repository, this.properties).current().getKeyID());
			assertThat(new HashSet<>(ids)).hasSize(1);
			assertThat(this.repository.findAll()).hasSize(1);
		}
		finally {
			this.jdbc.sql("DELETE FROM signing_key").update();
			before.forEach((key) -> this.repository.addFirst(key.id(), key.publicKey(), key.encryptedPrivateKey()));
		}
	}

	@Test
	void lieEncryptedInTheDatabase() throws SQLException {
		byte[] stored = this.repository.findAll().getFirst().encryptedPrivateKey();
		assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1)).doesNotContain("RSA");
		try (var connection = TestServers.postgres().connect("users")) {
			assertThat(connection.isValid(1)).isTrue();
		}
		byte[] other = new byte[32];
		new SecureRandom().nextBytes(other);
		assertThatThrownBy(() -> new SigningKeys(this.repository, with(Base64.getEncoder().encodeToString(other))))
			.isInstanceOf(SigningKeysUnusableException.class)
			.hasMessageContaining("does not fit");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "not base64!", "c2hvcnQ=" })
	void areOfNoUseWithoutAMasterKey(String masterKey) {
		assertThatThrownBy(() -> new SigningKeys(this.repository, with(masterKey)))
			.isInstanceOf(SigningKeysUnusableException.class)
			.hasMessageContaining("SIGNING_MASTER_KEY");
	}

	@Test
	void sayInOneLineWhatIsWrong() {
		SigningKeysUnusableException failure = new SigningKeysUnusableException("SIGNING_MASTER_KEY is not set.");
		var analysis = new SigningKeysFailureAnalyzer().analyze(new IllegalStateException(failure));
		assertThat(analysis.getDescription()).isEqualTo("SIGNING_MASTER_KEY is not set.");
		assertThat(analysis.getAction()).contains("openssl rand -base64 32");
	}

	@Test
	void showNoSecretsInText() {
		assertThat(this.properties.toString()).doesNotContain(this.properties.masterKey());
	}

	private TokenProperties with(String masterKey) {
		return new TokenProperties(masterKey, this.properties.issuer(), this.properties.audience(),
				this.properties.accessTokenLife());
	}

}
