package dev.sagamart.platform.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MasterKeyTests {

	private static final String FIRST = key('1');

	private static final String SECOND = key('2');

	private static final byte[] TEXT = "a secret".getBytes(StandardCharsets.UTF_8);

	private final MasterKey key = MasterKey.of("SIGNING_MASTER_KEY", FIRST, "");

	@Test
	void readsWhatItHasEncrypted() {
		byte[] encrypted = this.key.encrypt(TEXT, "test");
		assertThat(this.key.decrypt(encrypted, "test")).isEqualTo(TEXT);
		assertThat(new String(encrypted, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
		assertThat(this.key.encrypt(TEXT, "test")).isNotEqualTo(encrypted);
		assertThat(this.key.isOutdated(encrypted)).isFalse();
	}

	@Test
	void readsNothingForAnotherPurpose() {
		byte[] encrypted = this.key.encrypt(TEXT, "test");
		assertThatThrownBy(() -> this.key.decrypt(encrypted, "other")).isInstanceOf(MasterKeyUnusableException.class);
	}

	@Test
	void readsNothingThatWasChanged() {
		byte[] encrypted = this.key.encrypt(TEXT, "test");
		for (int i = 0; i < encrypted.length; i++) {
			byte[] changed = encrypted.clone();
			changed[i] ^= 1;
			// The first four bytes only say which key to try.
			if (i >= 4) {
				assertThatThrownBy(() -> this.key.decrypt(changed, "test"))
					.isInstanceOf(MasterKeyUnusableException.class);
			}
		}
		assertThatThrownBy(() -> this.key.decrypt(new byte[3], "test")).isInstanceOf(MasterKeyUnusableException.class);
	}

	@Test
	void readsWhatItsPredecessorHasEncrypted() {
		byte[] old = this.key.encrypt(TEXT, "test");
		MasterKey next = MasterKey.of("SIGNING_MASTER_KEY", SECOND, FIRST);
		assertThat(next.decrypt(old, "test")).isEqualTo(TEXT);
		assertThat(next.isOutdated(old)).isTrue();
		assertThat(next.isOutdated(next.encrypt(TEXT, "test"))).isFalse();
		assertThat(next.decrypt(next.encrypt(TEXT, "test"), "test")).isEqualTo(TEXT);
		assertThatThrownBy(() -> MasterKey.of("SIGNING_MASTER_KEY", SECOND, "").decrypt(old, "test"))
			.hasMessage("SIGNING_MASTER_KEY does not fit the stored test: it was stored with another master key.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "not base64!", "c2hvcnQ=" })
	void isOfNoUseInAnyOtherForm(String text) {
		assertThatThrownBy(() -> MasterKey.of("SIGNING_MASTER_KEY", text, ""))
			.isInstanceOf(MasterKeyUnusableException.class)
			.hasMessageStartingWith("SIGNING_MASTER_KEY ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "not base64!", "c2hvcnQ=" })
	void saysWhichOfTheTwoIsWrong(String text) {
		assertThatThrownBy(() -> MasterKey.of("SIGNING_MASTER_KEY", FIRST, text))
			.isInstanceOf(MasterKeyUnusableException.class)
			.hasMessageStartingWith("SIGNING_MASTER_KEY_PREVIOUS ");
	}

	@Test
	void saysInOneLineWhatIsWrong() {
		MasterKeyUnusableException failure = new MasterKeyUnusableException("SIGNING_MASTER_KEY is not set.");
		var analysis = new MasterKeyFailureAnalyzer().analyze(new IllegalStateException(failure));
		assertThat(analysis.getDescription()).isEqualTo("SIGNING_MASTER_KEY is not set.");
		assertThat(analysis.getAction()).contains("openssl rand -base64 32");
	}

	private static String key(char digit) {
		return Base64.getEncoder().encodeToString(String.valueOf(digit).repeat(32).getBytes(StandardCharsets.UTF_8));
	}

}
