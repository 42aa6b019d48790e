package dev.sagamart.events;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PostalAddressTests {

	private static final Validator VALIDATOR = Validation.buildDefaultValidatorFactory().getValidator();

	private static final String HORSE = "\uD83D\uDC0E";

	@Test
	void countsCodePoints() {
		assertThat(problems(new PostalAddress(HORSE.repeat(100), "\uD840\uDC00".repeat(200), HORSE.repeat(200),
				HORSE.repeat(100), HORSE.repeat(20), "DE")))
			.isEmpty();
		assertThat(problems(new PostalAddress(HORSE.repeat(101), HORSE.repeat(201), HORSE.repeat(201),
				HORSE.repeat(101), HORSE.repeat(21), "DE")))
			.isEqualTo(Map.of("recipient", "must have between 1 and 100 characters, in one line", "line1",
					"must have between 1 and 200 characters, in one line", "line2",
					"must have between 1 and 200 characters, in one line", "city",
					"must have between 1 and 100 characters, in one line", "postalCode",
					"must have at most 20 characters, in one line"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\u00A0", "\u2003\u3000", "\u200B", "\u2060", "\uFEFF", "\u3164", "\u2800",
			"\u034F", "\t", "\n", "a\nb", "a\u0000b", "a\u0085b", "a\u2028b", "a\u2029b", "a\uD83Db", "\uDC0E" })
	void needsSomethingVisibleInOneLine(String text) {
		assertThat(problems(new PostalAddress(text, text, null, text, "10115", "DE"))).containsOnlyKeys("recipient",
				"line1", "city");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "a\tb", "a\u0000b", "a\u2028b", "a\uD83Db" })
	void optionalFieldsAreOneLineToo(String text) {
		assertThat(problems(new PostalAddress("Ada", "Street 1", text, "Dubai", text, "AE")).keySet()).contains("line2",
				"postalCode");
	}

	@Test
	void saysWhatIsMissing() {
		assertThat(problems(new PostalAddress(null, null, null, null, null, null)))
			.isEqualTo(Map.of("recipient", "must not be null", "line1", "must not be null", "city", "must not be null",
					"country", "must not be null"));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\u00A0", "\u200B" })
	void needsAPostalCodeOnlyWhereThereAreAny(@Nullable String none) {
		for (String country : "DE US GB FR JP BR IN ZA NL IE".split(" ")) {
			assertThat(problems(at(none, country))).as(country)
				.isEqualTo(Map.of("postalCode", "must not be blank in a country that has postal codes"));
		}
		for (String country : "AE HK QA MO AG BS FJ UG ZW YE SC AO CI".split(" ")) {
			assertThat(problems(at(none, country))).as(country).isEmpty();
			assertThat(at(none, country).trimmed().postalCode()).isNull();
		}
	}

	@Test
	void takesAPostalCodeThatNobodyNeeds() {
		PostalAddress written = new PostalAddress(" Ada\u00A0", "\u3000Tower 1 ", " ", " Dubai ", " 00000 ", "AE");
		assertThat(problems(written)).isEmpty();
		assertThat(written.trimmed()).isEqualTo(new PostalAddress("Ada", "Tower 1", null, "Dubai", "00000", "AE"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "XX", "ZZ", "UK", "EU", "AN", "SU", "XK", "de", "DEU", "D", "", "D\n", "ＤＥ" })
	void knowsTheCountriesOfToday(String country) {
		assertThat(problems(at("10115", country))).isEqualTo(Map.of("country", "must be an ISO 3166 alpha-2 code"));
		assertThat(problems(at(null, country))).containsOnlyKeys("country");
	}

	private static PostalAddress at(@Nullable String postalCode, String country) {
		return new PostalAddress("Ada Lovelace", "Street 1", null, "Town", postalCode, country);
	}

	private static Map<String, String> problems(PostalAddress address) {
		Map<String, String> problems = new TreeMap<>();
		VALIDATOR.validate(address)
			.forEach((violation) -> problems.put(violation.getPropertyPath().toString(), violation.getMessage()));
		return problems;
	}

}
