package dev.sagamart.users;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * Somebody's phone, and the paper with the recovery codes.
 *
 * @param secret in base32
 */
public record AuthenticatorApp(String secret, List<String> recoveryCodes) {

	private static final int SECRET_BYTES = 20;

	/** What it shows now. */
	public String code() {
		return codeAt(Instant.now());
	}

	/** What it shows after some steps of 30 seconds. */
	public String codeIn(int steps) {
		return codeAt(Instant.now().plus(Duration.ofSeconds(30).multipliedBy(steps)));
	}

	public String codeAt(Instant instant) {
		try {
			return new TimeBasedOneTimePasswordGenerator()
				.generateOneTimePasswordString(new SecretKeySpec(decoded(), "HmacSHA1"), instant);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Six digits that are no code of any time near now. */
	public String wrongCode() {
		List<String> near = List.of(codeIn(-2), codeIn(-1), codeIn(0), codeIn(1), codeIn(2));
		return List.of("000000", "111111", "222222", "333333", "444444", "555555")
			.stream()
			.filter((code) -> !near.contains(code))
			.findFirst()
			.orElseThrow();
	}

	private byte[] decoded() {
		BigInteger value = BigInteger.ZERO;
		for (char letter : this.secret.toCharArray()) {
			value = value.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)));
		}
		byte[] bytes = value.toByteArray();
		byte[] secret = new byte[SECRET_BYTES];
		int length = Math.min(bytes.length, SECRET_BYTES);
		System.arraycopy(Arrays.copyOfRange(bytes, bytes.length - length, bytes.length), 0, secret,
				SECRET_BYTES - length, length);
		return secret;
	}

}
