package dev.sagamart.users.token;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.platform.security.Role;
import dev.sagamart.users.UsersTest;
import dev.sagamart.users.encryption.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysIntegrationTests extends UsersTest {

	@Autowired
	private SigningKeyRepository repository;

	@Autowired
	private SigningKeys keys;

	@Autowired
	private MasterKey masterKey;

	@Autowired
	private TokenProperties properties;

	@Autowired
	private Environment environment;

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
		SigningKeys afterRestart = new SigningKeys(this.repository, this.masterKey);
		assertThat(afterRestart.current()).isEqualTo(this.keys.current());
		AccessTokens.AccessToken token = new AccessTokens(new Signer(afterRestart, this.properties, Clock.systemUTC()),
				this.properties, Clock.systemUTC())
			.issue(UUID.randomUUID(), EnumSet.of(Role.ADMIN));
		assertThat(get("/api/v1/users", token.value()).status()).isEqualTo(200);
	}

	@Test
	void areMadeOnceByInstancesThatStartTogether() throws Exception {
		List<SigningKeyRepository.StoredKey> before = this.repository.findAll();
		try {
			this.jdbc.sql("DELETE FROM signing_key").update();
			List<String> ids = atOnce(6, () -> new SigningKeys(this.repository, this.masterKey).current().getKeyID());
			assertThat(new HashSet<>(ids)).hasSize(1);
			assertThat(this.repository.findAll()).hasSize(1);
		}
		finally {
			this.jdbc.sql("DELETE FROM signing_key").update();
			before.forEach((key) -> this.repository.addFirst(key.id(), key.publicKey(), key.encryptedPrivateKey()));
		}
	}

	@Test
	void lieEncryptedInTheDatabase() {
		byte[] stored = this.repository.findAll().getFirst().encryptedPrivateKey();
		assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("RSA");
		MasterKey other = MasterKey.of(newKey(), "");
		assertThatThrownBy(() -> new SigningKeys(this.repository, other))
			.hasMessageContaining("does not fit the stored signing key");
	}

	@Test
	void areEncryptedAnewByInstancesThatStartWithANewMasterKey() throws Exception {
		String current = this.environment.getRequiredProperty("sagamart.encryption.master-key");
		String next = newKey();
		byte[] before = this.repository.findAll().getFirst().encryptedPrivateKey();
		try {
			List<RSAKey> keys = atOnce(4,
					() -> new SigningKeys(this.repository, MasterKey.of(next, current)).current());
			assertThat(keys).containsOnly(this.keys.current());
			assertThat(this.repository.findAll().getFirst().encryptedPrivateKey()).isNotEqualTo(before);
			assertThat(new SigningKeys(this.repository, MasterKey.of(next, "")).current())
				.isEqualTo(this.keys.current());
			assertThatThrownBy(() -> new SigningKeys(this.repository, this.masterKey))
				.hasMessageContaining("does not fit");
		}
		finally {
			new SigningKeys(this.repository, MasterKey.of(current, next));
		}
		assertThat(new SigningKeys(this.repository, this.masterKey).current()).isEqualTo(this.keys.current());
	}

	private static String newKey() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

}
