package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.sagamart.users.encryption.MasterKey;
import dev.sagamart.users.token.SigningKeyRepository.StoredKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The keys that access tokens are signed with: read when the service starts, and made
 * when it starts for the first time. The newest signs, all are published. Those that the
 * previous master key has encrypted are encrypted anew.
 */
@Component
public class SigningKeys implements JWKSource<SecurityContext> {

	private static final int KEY_BITS = 2048;

	private final JWKSet keys;

	SigningKeys(SigningKeyRepository repository, MasterKey masterKey) {
		List<StoredKey> stored = repository.findAll();
		if (stored.isEmpty()) {
			addFirst(repository, masterKey);
			stored = repository.findAll();
		}
		this.keys = new JWKSet(stored.stream().<JWK>map((key) -> read(key, masterKey)).toList());
		stored.stream()
			.filter((key) -> masterKey.isOutdated(key.encryptedPrivateKey()))
			.forEach((key) -> repository.replace(key, encryptAnew(key, masterKey)));
	}

	/** The key to sign with. */
	RSAKey current() {
		return this.keys.getKeys().getFirst().toRSAKey();
	}

	/** What the world may know. */
	public JWKSet published() {
		return this.keys.toPublicJWKSet();
	}

	@Override
	public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
		return selector.select(this.keys);
	}

	private static void addFirst(SigningKeyRepository repository, MasterKey masterKey) {
		try {
			String id = UUID.randomUUID().toString();
			RSAKey key = new RSAKeyGenerator(KEY_BITS).generate();
			repository.addFirst(id, key.toRSAPublicKey().getEncoded(),
					masterKey.encrypt(key.toRSAPrivateKey().getEncoded(), purpose(id)));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static RSAKey read(StoredKey stored, MasterKey masterKey) {
		try {
			KeyFactory factory = KeyFactory.getInstance("RSA");
			PrivateKey privateKey = factory.generatePrivate(
					new PKCS8EncodedKeySpec(masterKey.decrypt(stored.encryptedPrivateKey(), purpose(stored.id()))));
			RSAPublicKey publicKey = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(stored.publicKey()));
			return new RSAKey.Builder(publicKey).privateKey(privateKey)
				.keyID(stored.id())
				.keyUse(KeyUse.SIGNATURE)
				.algorithm(JWSAlgorithm.RS256)
				.issueTime(Date.from(stored.createdAt()))
				.build();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] encryptAnew(StoredKey stored, MasterKey masterKey) {
		String purpose = purpose(stored.id());
		return masterKey.encrypt(masterKey.decrypt(stored.encryptedPrivateKey(), purpose), purpose);
	}

	private static String purpose(String id) {
		return "signing key " + id;
	}

}
