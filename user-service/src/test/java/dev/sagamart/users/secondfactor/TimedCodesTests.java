package dev.sagamart.users.secondfactor;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimedCodesTests {

	private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

	/** RFC 6238, appendix B, of whose eight digits the last six are a code of six. */
	@ParameterizedTest
	@CsvSource({ "59,94287082", "1111111109,07081804", "1111111111,14050471", "1234567890,89005924",
			"2000000000,69279037", "20000000000,65353130" })
	void areThoseOfTheStandard(long second, String code) {
		assertThat(TimedCodes.codeAt(SECRET, second / 30)).isEqualTo(code.substring(2));
		assertThat(TimedCodes.stepsOf(SECRET, code.substring(2), Instant.ofEpochSecond(second)))
			.containsExactly(second / 30);
	}

	@ParameterizedTest
	@CsvSource({ "-60,false", "-31,false", "-30,true", "-1,true", "0,true", "29,true", "30,true", "59,true", "60,false",
			"90,false" })
	void mayBeOneStepOff(int seconds, boolean good) {
		Instant begin = Instant.ofEpochSecond(1234567890);
		long step = begin.getEpochSecond() / 30;
		assertThat(TimedCodes.stepsOf(SECRET, TimedCodes.codeAt(SECRET, step), begin.plusSeconds(seconds)))
			.isEqualTo(good ? List.of(step) : List.of());
	}

	@Test
	void areNothingElse() {
		Instant now = Instant.ofEpochSecond(59);
		assertThat(TimedCodes.stepsOf(SECRET, "287083", now)).isEmpty();
		assertThat(TimedCodes.stepsOf(SECRET, "", now)).isEmpty();
		assertThat(TimedCodes.stepsOf(new byte[TimedCodes.SECRET_BYTES], "287082", now)).isEmpty();
	}

}
