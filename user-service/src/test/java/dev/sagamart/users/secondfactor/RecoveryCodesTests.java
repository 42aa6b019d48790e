package dev.sagamart.users.secondfactor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RecoveryCodesTests {

	@Test
	void canBeTypedAndAreAllDifferent() {
		List<String> codes = RecoveryCodes.make();
		assertThat(codes).hasSize(10)
			.doesNotHaveDuplicates()
			.doesNotContainAnyElementsOf(RecoveryCodes.make())
			.allMatch((code) -> code.matches("([A-Z2-7]{4}-){3}[A-Z2-7]{4}"));
	}

	@Test
	void areTheSameWithoutHyphens() {
		assertThat(RecoveryCodes.hash("MFRAGGZDFMZTE42O")).isEqualTo(RecoveryCodes.hash("MFRA-GGZD-FMZT-E42O"))
			.isNotEqualTo(RecoveryCodes.hash("MFRA-GGZD-FMZT-E42P"))
			.hasSize(32);
	}

	/** RFC 4648, section 10, and what all bits set are. */
	@ParameterizedTest
	@CsvSource({ "'',''", "fooba,MZXW6YTB", "foobafooba,MZXW6YTBMZXW6YTB", "ÿÿÿÿÿ,77777777" })
	void areWrittenInBase32(String bytes, String text) {
		assertThat(Base32.toBase32String(bytes.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(text);
	}

}
