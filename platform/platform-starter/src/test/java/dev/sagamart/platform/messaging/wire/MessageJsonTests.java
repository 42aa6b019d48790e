package dev.sagamart.platform.messaging.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.CustomsEvent.CustomsAsked;
import dev.sagamart.platform.messaging.ParcelEvent.Item;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelPacked;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelRefused;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelShipped;
import dev.sagamart.platform.messaging.ParcelEvent.Reason;
import dev.sagamart.platform.messaging.ParcelEvent.Weight;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageJsonTests {

	private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

	private static final String SHIPPED = """
			{"parcelId":"01890a5d-ac96-774b-bcce-b302099a8057","ownerId":"01890a5d-ac96-774b-bcce-b302099a8057",\
			"sequence":7,"at":"2026-01-02T03:04:05.678Z"}""";

	@Test
	void writesExactlyTheComponentsAndInstantsAsText() {
		assertThat(
				new String(MessageJson.write(new ParcelShipped(ID, ID, 7, Instant.parse("2026-01-02T03:04:05.678Z"))),
						StandardCharsets.UTF_8))
			.isEqualTo(SHIPPED);
	}

	@Test
	void readsWhatItWrites() {
		Message placed = new ParcelPacked(ID, ID, 1, Instant.EPOCH, List.of(new Item(ID, 2, new Weight(1999, "g"))),
				new Weight(3998, "g"));
		assertThat(MessageJson.read(MessageJson.write(placed), ParcelPacked.class)).isEqualTo(placed);
	}

	@Test
	void aNewFieldOfTheSenderDoesNotMatter() {
		assertThat(
				read(SHIPPED.replace("{\"parcelId", "{\"carrier\":{\"name\":\"x\"},\"parcelId"), ParcelShipped.class))
			.isInstanceOf(ParcelShipped.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "\"sequence\":7 | \"sequence\":7.5", "\"sequence\":7 | \"sequence\":\"7\"",
					"\"sequence\":7 | \"sequence\":null", "\"sequence\":7 | \"sequence\":7,\"sequence\":8",
					"\"sequence\":7 | \"sequence\":99999999999", "\"2026-01-02T03:04:05.678Z\" | 1767323045",
					"\"2026-01-02T03:04:05.678Z\" | \"2026-01-02\"", "\"2026-01-02T03:04:05.678Z\" | null",
					"\"sequence\":7, | ''", "\"at\" | \"when\"", "678Z\"} | 678Z\"}{}", "\"01890a5d | \"zz890a5d" })
	void refusesWhatDoesNotFit(String part, String damaged) {
		assertThat(SHIPPED).contains(part);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(SHIPPED.replace(part, damaged), ParcelShipped.class));
	}

	@Test
	void refusesWhatIsIncompleteInside() {
		String placed = new String(
				MessageJson.write(new ParcelPacked(ID, ID, 1, Instant.EPOCH,
						List.of(new Item(ID, 2, new Weight(1999, "g"))), new Weight(3998, "g"))),
				StandardCharsets.UTF_8);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("\"weight\":", "\"mass\":"), ParcelPacked.class))
			.withMessage("The payload has no items.weight");
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("[{", "[null,{"), ParcelPacked.class));
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("\"g\"", "\"stone\""), ParcelPacked.class));
	}

	@Test
	void nothingElseThanAMessageIsOne() {
		for (String text : List.of("", "null", "[]", "7", "\"a\"", "{", "{\"a\":".repeat(2000))) {
			assertThatExceptionOfType(UnreadableMessageException.class)
				.isThrownBy(() -> read(text, ParcelShipped.class));
		}
	}

	@Test
	void enumsAreNamesOfTheirConstants() {
		String rejected = new String(
				MessageJson.write(new ParcelRefused(ID, ID, 1, Instant.EPOCH, Reason.TOO_HEAVY, "Sold out")),
				StandardCharsets.UTF_8);
		assertThat(rejected).contains("\"TOO_HEAVY\"");
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(rejected.replace("\"TOO_HEAVY\"", "0"), ParcelRefused.class));
	}

	@Test
	void whatMayBeNullMayBeMissing() {
		String asked = "{\"parcelId\":\"" + ID + "\",\"itemId\":null}";
		assertThat(((CustomsAsked) read(asked, CustomsAsked.class)).itemId()).isNull();
		assertThat(((CustomsAsked) read(asked.replace(",\"itemId\":null", ""), CustomsAsked.class)).itemId()).isNull();
	}

	@Test
	void masksWhatIsPersonal() {
		String refused = new String(
				MessageJson.write(new ParcelRefused(ID, ID, 1, Instant.EPOCH, Reason.TOO_HEAVY, "Ann")),
				StandardCharsets.UTF_8);
		assertThat(masked(refused, ParcelRefused.class)).isEqualTo(refused.replace("Ann", "***"));
		assertThat(masked(refused.replace("\"Ann\"", "[{\"name\":\"Ann\"}]"), ParcelRefused.class))
			.isEqualTo(refused.replace("Ann", "***"));
		assertThat(masked("{\"sequence\":1,\"message\":null}", ParcelRefused.class))
			.isEqualTo("{\"sequence\":1,\"message\":null}");
		assertThat(masked(refused + "Ann", ParcelRefused.class)).isEqualTo("***");
		assertThat(masked("\"Ann\"", ParcelRefused.class)).isEqualTo("***");
		assertThat(masked("{\"message\": \"\u0000\"", ParcelShipped.class)).isEqualTo("{\"message\": \"\ufffd\"");
		assertThat(masked(refused, null)).isEqualTo(refused);
	}

	private static String masked(String payload, @Nullable Class<? extends Message> type) {
		return MessageJson.masked(payload.getBytes(StandardCharsets.UTF_8), type);
	}

	private static Message read(String json, Class<? extends Message> type) {
		return MessageJson.read(json.getBytes(StandardCharsets.UTF_8), type);
	}

}
