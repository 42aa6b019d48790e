package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.test.SettableClock;
import dev.sagamart.platform.tokens.SecurityProperties;
import dev.sagamart.users.UsersTest;
import dev.sagamart.platform.encryption.MasterKey;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysIntegrationTests extends UsersTest {

	@Autowired
	private StoredKeys stored;

	@Autowired
	private EntityManager entities;

	@Autowired
	private SigningKeys keys;

	@Autowired
	private MasterKey masterKey;

	@Autowired
	private SecurityProperties security;

	@Autowired
	private TokenProperties properties;

	@Autowired
	private TransactionTemplate transaction;

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
		admin();
		SigningKeys afterRestart = instance(this.masterKey);
		assertThat(afterRestart.current()).isEqualTo(this.keys.current());
		String token = new TokenIssuer(afterRestart, this.security, this.properties, Clock.systemUTC())
			.issue(idOf("root@example.com"), Set.of(Role.ADMIN), 0, null, Set.of())
			.getTokenValue();
		assertThat(get("/api/v1/users", token).status()).isEqualTo(200);
	}

	@Test
	void areMadeOnceByInstancesThatStartTogether() throws Exception {
		withoutKeys(() -> {
			List<String> ids = atOnce(6, () -> instance(this.masterKey).current().getKeyID());
			assertThat(new HashSet<>(ids)).hasSize(1);
			assertThat(this.stored.findByOrderBySignsFromAscIdAsc()).hasSize(1);
		});
	}

	@Test
	void takeTurnsWithAnOverlap() throws Exception {
		withoutKeys(() -> {
			SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
			SigningKeys one = instance(this.masterKey, clock);
			SigningKeys two = instance(this.masterKey, clock);
			String first = one.current().getKeyID();

			clock.pass(Duration.ofDays(30).minusMinutes(11));
			takeTurns(one, two);
			assertThat(ids(one)).isEqualTo(ids(two)).containsExactly(first);

			clock.pass(Duration.ofMinutes(1));
			takeTurns(one, two);
			assertThat(ids(one)).isEqualTo(ids(two)).hasSize(2).startsWith(first);
			String second = ids(one).getLast();

			clock.pass(Duration.ofMinutes(9));
			takeTurns(one, two);
			assertThat(one.current().getKeyID()).isEqualTo(two.current().getKeyID()).isEqualTo(first);
			String oldToken = token(one, clock);

			clock.pass(Duration.ofMinutes(1));
			assertThat(one.current().getKeyID()).isEqualTo(two.current().getKeyID()).isEqualTo(second);
			assertThat(isSignedBy(one, token(two, clock))).isTrue();

			clock.pass(Duration.ofMinutes(15));
			takeTurns(one, two);
			assertThat(isSignedBy(one, oldToken)).isTrue();
			assertThat(isSignedBy(two, oldToken)).isTrue();

			clock.pass(Duration.ofMinutes(11));
			takeTurns(one, two);
			assertThat(ids(one)).isEqualTo(ids(two)).containsExactly(second);
			assertThat(this.stored.findByOrderBySignsFromAscIdAsc()).extracting("id").containsExactly(second);
			assertThat(isSignedBy(one, oldToken)).isFalse();
		});
	}

	@Test
	void catchUpAfterALongRest() throws Exception {
		withoutKeys(() -> {
			SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
			String first = instance(this.masterKey, clock).current().getKeyID();
			clock.pass(Duration.ofDays(365));
			SigningKeys later = instance(this.masterKey, clock);
			assertThat(later.current().getKeyID()).isEqualTo(first);
			assertThat(ids(later)).hasSize(2);
			clock.pass(Duration.ofMinutes(10));
			assertThat(later.current().getKeyID()).isNotEqualTo(first);
		});
	}

	@Test
	void goWithTheirRow() throws Exception {
		withoutKeys(() -> {
			SigningKeys instance = instance(this.masterKey);
			String known = instance.current().getKeyID();
			this.jdbc.sql("DELETE FROM signing_key WHERE id = ?").param(known).update();
			instance.takeTurns();
			assertThat(ids(instance)).hasSize(1).doesNotContain(known);
			assertThat(instance.current().getKeyID()).isEqualTo(ids(instance).getFirst());
		});
	}

	@Test
	void changeEarlyWhenAnAdminSaysSo() {
		String admin = admin();
		String before = this.keys.current().getKeyID();
		try {
			Answer answer = call("POST", "/api/v1/operations/user/signing-keys/rotation", admin, null);
			assertThat(answer.status()).isEqualTo(202);
			assertThat(Instant.parse(answer.text("signsFrom"))).isAfter(Instant.now().plusSeconds(540));
			assertThat(get("/oauth2/jwks", null).json().get("keys")).hasSize(2);
			assertThat(this.keys.current().getKeyID()).isEqualTo(before);
			Answer again = call("POST", "/api/v1/operations/user/signing-keys/rotation", admin, null);
			assertThat(again.response().body()).isEqualTo(answer.response().body());
			this.jdbc.sql("UPDATE signing_key SET signs_from = now() WHERE id = ?").param(answer.text("id")).update();
			SigningKeys restarted = instance(this.masterKey);
			assertThat(restarted.current().getKeyID()).isEqualTo(answer.text("id"));
			String renewed = new TokenIssuer(restarted, this.security, this.properties, Clock.systemUTC())
				.issue(idOf("root@example.com"), Set.of(Role.ADMIN), 0, null, Set.of())
				.getTokenValue();
			assertThat(get("/api/v1/users", renewed).status()).isEqualTo(200);
			assertThat(get("/api/v1/users", admin).status()).isEqualTo(200);
		}
		finally {
			this.jdbc.sql("DELETE FROM signing_key WHERE id <> ?").param(before).update();
			this.keys.takeTurns();
		}
		assertThat(call("POST", "/api/v1/operations/user/signing-keys/rotation", customer("ann@example.com"), null)
			.status()).isEqualTo(403);
		assertThat(this.stored.findByOrderBySignsFromAscIdAsc()).hasSize(1);
	}

	@Test
	void arePublishedForLongEnough() {
		Duration minute = Duration.ofMinutes(1);
		assertThatThrownBy(() -> new SigningKeyProperties(Duration.ofDays(30), minute.multipliedBy(6),
				minute.multipliedBy(5), minute))
			.isInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> new SigningKeyProperties(minute, minute.multipliedBy(10), minute, minute))
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void lieEncryptedInTheDatabase() throws JOSEException {
		byte[] stored = privateKey();
		RSAPrivateKey key = this.keys.current().toRSAPrivateKey();
		String modulus = HexFormat.of().formatHex(key.getModulus().toByteArray());
		assertThat(HexFormat.of().formatHex(key.getEncoded())).contains(modulus);
		assertThat(HexFormat.of().formatHex(stored)).doesNotContain(modulus);
		MasterKey other = MasterKey.of("SIGNING_MASTER_KEY", newKey(), "");
		assertThatThrownBy(() -> instance(other)).hasMessageContaining("does not fit the stored signing key");
	}

	@Test
	void areEncryptedAnewByInstancesThatStartWithANewMasterKey() throws Exception {
		String current = this.environment.getRequiredProperty("SIGNING_MASTER_KEY");
		String next = newKey();
		byte[] before = privateKey();
		try {
			List<RSAKey> keys = atOnce(4, () -> instance(MasterKey.of("SIGNING_MASTER_KEY", next, current)).current());
			assertThat(keys).containsOnly(this.keys.current());
			assertThat(privateKey()).isNotEqualTo(before);
			assertThat(instance(MasterKey.of("SIGNING_MASTER_KEY", next, "")).current()).isEqualTo(this.keys.current());
			assertThatThrownBy(() -> instance(this.masterKey)).hasMessageContaining("does not fit");
		}
		finally {
			instance(MasterKey.of("SIGNING_MASTER_KEY", current, next));
		}
		assertThat(instance(this.masterKey).current()).isEqualTo(this.keys.current());
	}

	private SigningKeys instance(MasterKey masterKey) {
		return instance(masterKey, Clock.systemUTC());
	}

	private SigningKeys instance(MasterKey masterKey, Clock clock) {
		Duration minute = Duration.ofMinutes(1);
		return new SigningKeys(this.stored, this.entities, masterKey,
				new SigningKeyProperties(Duration.ofDays(30), minute.multipliedBy(10), minute.multipliedBy(5), minute),
				this.properties, this.transaction, clock);
	}

	/** Both at once, as it can happen. */
	private static void takeTurns(SigningKeys one, SigningKeys two) throws Exception {
		Iterator<SigningKeys> instances = List.of(one, two).iterator();
		atOnce(2, () -> {
			SigningKeys instance;
			synchronized (instances) {
				instance = instances.next();
			}
			instance.takeTurns();
			return instance;
		});
		one.takeTurns();
		two.takeTurns();
	}

	private static List<String> ids(SigningKeys keys) {
		return keys.published().getKeys().stream().map(JWK::getKeyID).toList();
	}

	private String token(SigningKeys keys, Clock clock) {
		return new TokenIssuer(keys, this.security, this.properties, clock)
			.issue(UUID.randomUUID(), Set.of(Role.CUSTOMER), 0, null, Set.of())
			.getTokenValue();
	}

	private static boolean isSignedBy(SigningKeys keys, String token) throws Exception {
		SignedJWT jwt = SignedJWT.parse(token);
		JWK key = keys.published().getKeyByKeyId(jwt.getHeader().getKeyID());
		return key != null && jwt.verify(new RSASSAVerifier(key.toRSAKey()));
	}

	private byte[] privateKey() {
		return this.jdbc.sql("SELECT private_key FROM signing_key").query(byte[].class).single();
	}

	private void withoutKeys(Trial trial) throws Exception {
		List<StoredKey> before = this.stored.findByOrderBySignsFromAscIdAsc();
		try {
			this.jdbc.sql("DELETE FROM signing_key").update();
			trial.run();
		}
		finally {
			this.jdbc.sql("DELETE FROM signing_key").update();
			this.transaction.executeWithoutResult((_) -> before.forEach(this.entities::merge));
		}
	}

	@FunctionalInterface
	private interface Trial {

		void run() throws Exception;

	}

	private static String newKey() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

}
