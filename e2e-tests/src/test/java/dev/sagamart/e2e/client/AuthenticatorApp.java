package dev.sagamart.e2e.client;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * An authenticator app with recovery codes. It has its own implementation of RFC 6238,
 * which shares no code with the platform's.
 *
 * @param secret the secret in Base32
 */
public record AuthenticatorApp(String secret, List<String> recoveryCodes) {

	private static final String OWN = "/api/v1/users/me/second-factor";

	private static final int STEP_SECONDS = 30;

	public AuthenticatorApp {
		recoveryCodes = List.copyOf(recoveryCodes);
	}

	/** Starts the enrolment of a second factor, without confirming it. */
	public static AuthenticatorApp begin(Session session, String password) {
		Reply begun = Api.withRetries(() -> session.post(OWN, Map.of("password", password))).expect(201);
		return new AuthenticatorApp(begun.json().path("secret").asString(), List.of());
	}

	/** Enrols a second factor, which ends all sessions of the user. */
	public static AuthenticatorApp enrol(Session session, String password) {
		AuthenticatorApp app = begin(session, password);
		Reply enrolled = session.put(OWN, Map.of("code", app.code())).expect(200);
		return new AuthenticatorApp(app.secret,
				enrolled.json().path("recoveryCodes").valueStream().map((code) -> code.asString()).toList());
	}

	public String code() {
		return codeIn(0);
	}

	/** The code after some steps of 30 seconds; the platform accepts the next one too. */
	public String codeIn(int steps) {
		return codeOf(Instant.now().getEpochSecond() / STEP_SECONDS + steps);
	}

	/** Six digits that are not a valid code at any time near now. */
	public String wrongCode() {
		List<String> near = IntStream.rangeClosed(-3, 3).mapToObj(this::codeIn).toList();
		return Stream.of("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
			.filter((code) -> !near.contains(code))
			.findFirst()
			.orElseThrow();
	}

	private String codeOf(long step) {
		try {
			Mac mac = Mac.getInstance("HmacSHA1");
			mac.init(new SecretKeySpec(new Base32().decode(this.secret), "HmacSHA1"));
			ByteBuffer hash = ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array()));
			int offset = hash.get(hash.limit() - 1) & 15;
			return "%06d".formatted((hash.getInt(offset) & Integer.MAX_VALUE) % 1_000_000);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has HMAC with SHA-1", ex);
		}
	}

	@Override
	public String toString() {
		return "AuthenticatorApp[…]";
	}

}
