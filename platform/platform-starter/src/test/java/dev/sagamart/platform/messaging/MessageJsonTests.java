package dev.sagamart.platform.messaging;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Message;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent.OrderPlaced;
import dev.sagamart.events.OrderEvent.OrderRejected;
import dev.sagamart.events.OrderEvent.OrderShipped;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockEvent.StockRejected;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageJsonTests {

	private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

	private static final String SHIPPED = """
			{"orderId":"01890a5d-ac96-774b-bcce-b302099a8057","userId":"01890a5d-ac96-774b-bcce-b302099a8057",\
			"sequence":7,"at":"2026-01-02T03:04:05.678Z"}""";

	@Test
	void writesExactlyTheComponentsAndInstantsAsText() {
		assertThat(new String(MessageJson.write(new OrderShipped(ID, ID, 7, Instant.parse("2026-01-02T03:04:05.678Z"))),
				StandardCharsets.UTF_8))
			.isEqualTo(SHIPPED);
	}

	@Test
	void readsWhatItWrites() {
		Message placed = new OrderPlaced(ID, ID, 1, Instant.EPOCH,
				List.of(new OrderLine(ID, 2, new Money(1999, "EUR"))), new Money(3998, "EUR"));
		assertThat(MessageJson.read(MessageJson.write(placed), OrderPlaced.class)).isEqualTo(placed);
	}

	@Test
	void aNewFieldOfTheSenderDoesNotMatter() {
		assertThat(read(SHIPPED.replace("{\"orderId", "{\"carrier\":{\"name\":\"x\"},\"orderId"), OrderShipped.class))
			.isInstanceOf(OrderShipped.class);
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
			.isThrownBy(() -> read(SHIPPED.replace(part, damaged), OrderShipped.class));
	}

	@Test
	void refusesWhatIsIncompleteInside() {
		String placed = new String(
				MessageJson.write(new OrderPlaced(ID, ID, 1, Instant.EPOCH,
						List.of(new OrderLine(ID, 2, new Money(1999, "EUR"))), new Money(3998, "EUR"))),
				StandardCharsets.UTF_8);
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("\"unitPrice\":", "\"price\":"), OrderPlaced.class))
			.withMessage("The payload has no lines.unitPrice");
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("[{", "[null,{"), OrderPlaced.class));
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(placed.replace("\"EUR\"", "\"XYZ\""), OrderPlaced.class));
	}

	@Test
	void nothingElseThanAMessageIsOne() {
		for (String text : List.of("", "null", "[]", "7", "\"a\"", "{", "{\"a\":".repeat(2000))) {
			assertThatExceptionOfType(UnreadableMessageException.class)
				.isThrownBy(() -> read(text, OrderShipped.class));
		}
	}

	@Test
	void enumsAreNamesOfTheirConstants() {
		String rejected = new String(
				MessageJson.write(new OrderRejected(ID, ID, 1, Instant.EPOCH, FailureCode.OUT_OF_STOCK, "Sold out")),
				StandardCharsets.UTF_8);
		assertThat(rejected).contains("\"OUT_OF_STOCK\"");
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> read(rejected.replace("\"OUT_OF_STOCK\"", "0"), OrderRejected.class));
	}

	@Test
	void whatMayBeNullMayBeMissing() {
		assertThat(StockRejected.class.getRecordComponents()).extracting((component) -> component.getName())
			.contains("productId");
		String rejected = "{\"orderId\":\"" + ID + "\",\"code\":\"OUT_OF_STOCK\",\"productId\":null,\"message\":\"m\"}";
		assertThat(((StockRejected) read(rejected, StockRejected.class)).productId()).isNull();
	}

	private static Message read(String json, Class<? extends Message> type) {
		return MessageJson.read(json.getBytes(StandardCharsets.UTF_8), type);
	}

}
