package dev.sagamart.users.secondfactor;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based one-time passwords (RFC 6238) in the form that all authenticator apps
 * support: SHA-1, six digits, a new code every 30 seconds.
 */
final class TimedCodes {

	/** As many as SHA-1 makes, which is what RFC 4226 asks for. */
	static final int SECRET_BYTES = 20;

	/** By how many steps the clock of a phone may be off. */
	private static final int DRIFT = 1;

	private static final TimeBasedOneTimePasswordGenerator CODES = new TimeBasedOneTimePasswordGenerator();

	private TimedCodes() {
	}

	/**
	 * The time steps around now that have this code: usually one, or none if it is wrong.
	 * @param code six digits
	 * @return whole multiples of 30 seconds since 1970, the earliest first
	 */
	static List<Long> stepsOf(byte[] secret, String code, Instant now) {
		long step = now.getEpochSecond() / CODES.getTimeStep().toSeconds();
		return LongStream.rangeClosed(step - DRIFT, step + DRIFT)
			.filter((near) -> MessageDigest.isEqual(code.getBytes(StandardCharsets.UTF_8),
					codeAt(secret, near).getBytes(StandardCharsets.UTF_8)))
			.boxed()
			.toList();
	}

	static String codeAt(byte[] secret, long step) {
		try {
			return CODES.generateOneTimePasswordString(new SecretKeySpec(secret, CODES.getAlgorithm()),
					Instant.EPOCH.plus(CODES.getTimeStep().multipliedBy(step)), Locale.ROOT);
		}
		catch (InvalidKeyException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
