package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.client.Json;
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

/**
 * Makes access tokens that claim to be somebody's: with keys of a stranger, and with the
 * issuer's own key, which it takes out of the database with the master key, as nobody
 * could. Only so it is seen that a wrong claim alone is refused, and not for its
 * signature.
 */
final class TokenForge {

	private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

	private static final SecureRandom RANDOM = new SecureRandom();

	/** The issuer's, as published. */
	private final RSAPublicKey published;

	private final String keyId;

	private final PrivateKey issuersKey;

	private final KeyPair stranger = keyPair("RSA", 2048);

	private final Map<String, Object> claims;

	private TokenForge(RSAPublicKey published, String keyId, PrivateKey issuersKey, Map<String, Object> claims) {
		this.published = published;
		this.keyId = keyId;
		this.issuersKey = issuersKey;
		this.claims = claims;
	}

	/** Forges after the model of a real token. */
	static TokenForge after(String token, JsonNode jwks, Connection database, String masterKey)
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

	String keyId() {
		return this.keyId;
	}

	// What tokens are made of

	/** The claims of an administrator's token, valid for longer than all attacks take. */
	Map<String, Object> claims() {
		long now = Instant.now().getEpochSecond();
		Map<String, Object> all = new HashMap<>(this.claims);
		all.putAll(Map.of("iat", now, "nbf", now, "exp", now + 7200, "jti", UUID.randomUUID().toString()));
		return all;
	}

	/** The same with one changed, or, if null, left out. */
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

	// Signed by the issuer

	/** With the issuer's own signature. */
	String genuine(Map<String, Object> header, Map<String, Object> claims) {
		return genuine(header, Json.write(claims));
	}

	String genuine(Map<String, Object> header, String claims) {
		return signed(header, claims, "SHA256withRSA", this.issuersKey);
	}

	String genuine(Map<String, Object> claims) {
		return genuine(header("RS256"), claims);
	}

	/** The issuer's key with another algorithm that it fits. */
	String genuine(String algorithm, String jcaName) {
		return signed(header(algorithm), Json.write(claims()), jcaName, this.issuersKey);
	}

	// Signed by somebody else

	/** A stranger's signature under any header. */
	String foreign(Map<String, Object> header) {
		return foreign(header, "SHA256withRSA");
	}

	String foreign(Map<String, Object> header, String jcaName) {
		return signed(header, Json.write(claims()), jcaName, this.stranger.getPrivate());
	}

	/** Signed with a fresh key of a curve. */
	String foreignCurve(String algorithm, String keyAlgorithm, int size, String jcaName) {
		return signed(header(algorithm), Json.write(claims()), jcaName, keyPair(keyAlgorithm, size).getPrivate());
	}

	/** The parameters of the stranger's public key. */
	Map<String, Object> strangersJwk() {
		RSAPublicKey key = (RSAPublicKey) this.stranger.getPublic();
		return Map.of("kty", "RSA", "kid", "stranger", "alg", "RS256", "use", "sig", "n",
				BASE64.encodeToString(unsigned(key.getModulus())), "e",
				BASE64.encodeToString(unsigned(key.getPublicExponent())));
	}

	/**
	 * Something that begins like a certificate and has the stranger's key: nobody should
	 * look further than that it is there.
	 */
	String strangersCertificate() {
		return Base64.getEncoder().encodeToString(this.stranger.getPublic().getEncoded());
	}

	/** With no signature, or with any bytes as one. */
	String unsigned(Map<String, Object> header, byte... signature) {
		return part(Json.write(header)) + "." + part(Json.write(claims())) + "." + BASE64.encodeToString(signature);
	}

	/** Authenticated with a secret that everybody knows. */
	String mac(Map<String, Object> header, byte[] secret) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec((secret.length > 0) ? secret : new byte[] { 0 }, "HmacSHA256"));
			String content = part(Json.write(header)) + "." + part(Json.write(claims()));
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

	/** A token, encrypted for the issuer's key. */
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
			String head = part(Json.write(header));
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

	// Changed after they were signed

	/** A real token with other claims under the old signature. */
	String altered(String token) {
		String[] parts = token.split("\\.", -1);
		return parts[0] + "." + part(Json.write(claims())) + "." + parts[2];
	}

	static JsonNode headerOf(String token) {
		return Json.tree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), StandardCharsets.UTF_8));
	}

	static JsonNode claimsOf(String token) {
		return Json.tree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
	}

	private static String signed(Map<String, Object> header, String claims, String jcaName, PrivateKey key) {
		String content = part(Json.write(header)) + "." + part(claims);
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
