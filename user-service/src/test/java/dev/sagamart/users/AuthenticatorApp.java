package dev.sagamart.users;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/**
 * Somebody's phone, and the paper with the recovery codes.
 *
 * @param secret in base32
 */
public record AuthenticatorApp(String secret, List<String> recoveryCodes) {

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
				.generateOneTimePasswordString(new SecretKeySpec(Base32.decode(this.secret), "HmacSHA1"), instant);
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

}
