package dev.sagamart.users.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sagamart.platform.encryption.MasterKey;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "signing_key")
class StoredKey {

	@Id
	private String id;

	/** X.509. */
	private byte[] publicKey;

	/** PKCS#8, encrypted with the master key. */
	private byte[] privateKey;

	@SuppressWarnings("UnusedVariable")
	private Instant createdAt;

	/** When it begins to sign. */
	private Instant signsFrom;

	StoredKey() {
	}

	StoredKey(RSAKey pair, MasterKey masterKey, Instant now, Instant signsFrom) {
		this.id = UUID.randomUUID().toString();
		this.createdAt = now;
		this.signsFrom = signsFrom;
		try {
			this.publicKey = pair.toRSAPublicKey().getEncoded();
			this.privateKey = masterKey.encrypt(pair.toRSAPrivateKey().getEncoded(), purpose());
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	RSAKey pair(MasterKey masterKey) {
		try {
			KeyFactory factory = KeyFactory.getInstance("RSA");
			PrivateKey secret = factory
				.generatePrivate(new PKCS8EncodedKeySpec(masterKey.decrypt(this.privateKey, purpose())));
			return new RSAKey.Builder((RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(this.publicKey)))
				.privateKey(secret)
				.keyID(this.id)
				.keyUse(KeyUse.SIGNATURE)
				.algorithm(JWSAlgorithm.RS256)
				.build();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Encrypts the private key with the current master key, unless that was used already.
	 */
	void encryptAnew(MasterKey masterKey) {
		if (masterKey.isOutdated(this.privateKey)) {
			this.privateKey = masterKey.encrypt(masterKey.decrypt(this.privateKey, purpose()), purpose());
		}
	}

	private String purpose() {
		return "signing key " + this.id;
	}

	Instant signsFrom() {
		return this.signsFrom;
	}

}
