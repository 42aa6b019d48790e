package dev.sagamart.e2e.attack;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forges access tokens with an attacker's keys and with the issuer's own key, which it
 * decrypts from the database with the master key. An attacker does not have that key, but
 * only a valid signature shows that a wrong claim alone is refused.
 */
final class TokenForge {

	private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

	private static final SecureRandom RANDOM = new SecureRandom();

	/** The issuer's published key. */
	private final RSAPublicKey published;

	private final String keyId;

	private final PrivateKey issuersKey;

	private final KeyPair attackersKeys = keyPair("RSA", 2048);

	private final Map<String, Object> claims;

	private TokenForge(RSAPublicKey published, String keyId, PrivateKey issuersKey, Map<String, Object> claims) {
		this.published = published;
		this.keyId = keyId;
		this.issuersKey = issuersKey;
		this.claims = claims;
	}

	/** Creates a forge for tokens like a real one. */
	static TokenForge create(String token, JsonNode jwks, Connection database, String masterKey)
			throws SQLException, GeneralSecurityException {
		String keyId = headerOf(token).path("kid").asString();
		for (JsonNode key : jwks.path("keys")) {
			if (key.path("kid").asString().equals(keyId)) {
				RSAPublicKey published = (RSAPublicKey) KeyFactory.getInstance("RSA")
					.generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e"))));
				return new TokenForge(published, keyId, issuersKey(database, keyId, masterKey),
						Map.of("iss", claimsOf(token).path("iss").asString(), "aud", "sagamart", "sub",
								claimsOf(token).path("sub").asString(), "roles", List.of("ADMIN")));
			}
		}
		throw new IllegalStateException("The key of a real token is not published");
	}

	private static PrivateKey issuersKey(Connection database, String keyId, String masterKey)
			throws SQLException, GeneralSecurityException {
		try (PreparedStatement query = database
			.prepareStatement("SELECT private_key FROM users.signing_key WHERE id = ?")) {
			query.setString(1, keyId);
			ResultSet row = query.executeQuery();
			row.next();
			byte[] stored = row.getBytes(1);
			SecretKey key = KDF.getInstance("HKDF-SHA256")
				.deriveKey("AES",
						HKDFParameterSpec.ofExtract()
							.addIKM(Base64.getDecoder().decode(masterKey))
							.thenExpand("encryption".getBytes(StandardCharsets.UTF_8), 32));
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, stored, 4, 12));
			cipher.updateAAD(("signing key " + keyId).getBytes(StandardCharsets.UTF_8));
			return KeyFactory.getInstance("RSA")
				.generatePrivate(new PKCS8EncodedKeySpec(cipher.doFinal(stored, 16, stored.length - 16)));
		}
	}

	/** The claims of a valid administrator's token. */
	Map<String, Object> claims() {
		long now = Instant.now().getEpochSecond();
		Map<String, Object> all = new HashMap<>(this.claims);
		all.putAll(Map.of("iat", now, "nbf", now, "exp", now + 7200, "jti", UUID.randomUUID().toString()));
		return all;
	}

	/** The claims with one changed, or removed if the value is null. */
	Map<String, Object> claimsWith(String name, @Nullable Object value) {
		return with(claims(), name, value);
	}

	Map<String, Object> header(String algorithm) {
		return new HashMap<>(Map.of("alg", algorithm, "typ", "at+jwt", "kid", this.keyId));
	}

	Map<String, Object> headerWith(String name, @Nullable Object value) {
		return with(header("RS256"), name, value);
	}

	private static Map<String, Object> with(Map<String, Object> all, String name, @Nullable Object value) {
		if (value == null) {
			all.remove(name);
		}
		else {
			all.put(name, value);
		}
		return all;
	}

	/** A token with the issuer's signature. */
	String signedByIssuer(Map<String, Object> header, Map<String, Object> claims) {
		return signedByIssuer(header, JsonMapper.shared().writeValueAsString(claims));
	}

	String signedByIssuer(Map<String, Object> header, String claims) {
		return signed(header, claims, "SHA256withRSA", this.issuersKey);
	}

	String signedByIssuer(Map<String, Object> claims) {
		return signedByIssuer(header("RS256"), claims);
	}

	/** A token with the issuer's key and another algorithm. */
	String signedByIssuer(String algorithm, String jcaName) {
		return signed(header(algorithm), JsonMapper.shared().writeValueAsString(claims()), jcaName, this.issuersKey);
	}

	/** A token with the attacker's signature. */
	String signedByAttacker(Map<String, Object> header) {
		return signedByAttacker(header, "SHA256withRSA");
	}

	String signedByAttacker(Map<String, Object> header, String jcaName) {
		return signed(header, JsonMapper.shared().writeValueAsString(claims()), jcaName,
				this.attackersKeys.getPrivate());
	}

	/** A token that is signed with a new key of an elliptic curve. */
	String signedByAttackersCurve(String algorithm, String keyAlgorithm, int size, String jcaName) {
		return signed(header(algorithm), JsonMapper.shared().writeValueAsString(claims()), jcaName,
				keyPair(keyAlgorithm, size).getPrivate());
	}

	/** The attacker's public key as a JWK. */
	Map<String, Object> attackersJwk() {
		RSAPublicKey key = (RSAPublicKey) this.attackersKeys.getPublic();
		return Map.of("kty", "RSA", "kid", "stranger", "alg", "RS256", "use", "sig", "n",
				BASE64.encodeToString(unsigned(key.getModulus())), "e",
				BASE64.encodeToString(unsigned(key.getPublicExponent())));
	}

	/**
	 * The attacker's public key in place of a certificate; services must not read it at
	 * all.
	 */
	String attackersCertificate() {
		return Base64.getEncoder().encodeToString(this.attackersKeys.getPublic().getEncoded());
	}

	/** A token without a signature, or with any bytes as the signature. */
	String unsigned(Map<String, Object> header, byte... signature) {
		return part(JsonMapper.shared().writeValueAsString(header)) + "."
				+ part(JsonMapper.shared().writeValueAsString(claims())) + "." + BASE64.encodeToString(signature);
	}

	/** A token with an HMAC with a known secret. */
	String mac(Map<String, Object> header, byte[] secret) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec((secret.length > 0) ? secret : new byte[] { 0 }, "HmacSHA256"));
			String content = part(JsonMapper.shared().writeValueAsString(header)) + "."
					+ part(JsonMapper.shared().writeValueAsString(claims()));
			return content + "." + BASE64.encodeToString(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	byte[] publishedKey() {
		return this.published.getEncoded();
	}

	byte[] publishedKeyAsPem() {
		return ("-----BEGIN PUBLIC KEY-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(publishedKey())
				+ "\n-----END PUBLIC KEY-----\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	byte[] publishedModulus() {
		return unsigned(this.published.getModulus());
	}

	/** Encrypts a token for the issuer's key (JWE). */
	String encrypted(String content) {
		try {
			byte[] key = new byte[32];
			byte[] nonce = new byte[12];
			RANDOM.nextBytes(key);
			RANDOM.nextBytes(nonce);
			Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
			rsa.init(Cipher.ENCRYPT_MODE, this.published,
					new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
			Map<String, Object> header = header("RSA-OAEP-256");
			header.putAll(Map.of("enc", "A256GCM", "cty", "JWT"));
			String head = part(JsonMapper.shared().writeValueAsString(header));
			Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
			aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
			aes.updateAAD(head.getBytes(StandardCharsets.US_ASCII));
			byte[] text = aes.doFinal(content.getBytes(StandardCharsets.UTF_8));
			return String.join(".", head, BASE64.encodeToString(rsa.doFinal(key)), BASE64.encodeToString(nonce),
					BASE64.encodeToString(Arrays.copyOf(text, text.length - 16)),
					BASE64.encodeToString(Arrays.copyOfRange(text, text.length - 16, text.length)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A real token with other claims and the old signature. */
	String withOtherClaims(String token) {
		String[] parts = token.split("\\.", -1);
		return parts[0] + "." + part(JsonMapper.shared().writeValueAsString(claims())) + "." + parts[2];
	}

	static JsonNode headerOf(String token) {
		return JsonMapper.shared()
			.readTree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), StandardCharsets.UTF_8));
	}

	static JsonNode claimsOf(String token) {
		return JsonMapper.shared()
			.readTree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
	}

	private static String signed(Map<String, Object> header, String claims, String jcaName, PrivateKey key) {
		String content = part(JsonMapper.shared().writeValueAsString(header)) + "." + part(claims);
		try {
			Signature signature = Signature.getInstance(jcaName);
			if (jcaName.equals("RSASSA-PSS")) {
				signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
			}
			signature.initSign(key);
			signature.update(content.getBytes(StandardCharsets.US_ASCII));
			return content + "." + BASE64.encodeToString(signature.sign());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyPair keyPair(String algorithm, int size) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
			if (size > 0) {
				generator.initialize(size);
			}
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String part(String text) {
		return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	private static BigInteger number(JsonNode base64) {
		return new BigInteger(1, Base64.getUrlDecoder().decode(base64.asString()));
	}

	private static byte[] unsigned(BigInteger number) {
		byte[] bytes = number.toByteArray();
		return (bytes[0] == 0) ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
	}

}
