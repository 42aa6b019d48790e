package dev.sagamart.simulator;

import com.stripe.model.PaymentIntent;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The journal of an earlier version in the data directory. */
class OldJournalTests extends SimulatorTest {

	private static final String INTENT = "i.amount=700&i.captured=%d&i.created=1780000000&i.currency=eur&i.id=pi_old"
			+ "&i.manual=true&i.metadata%%5Border_id%%5D=o+%%221%%22%%0A&i.method=pm_card_visa&i.number=0"
			+ "&i.refunded=%d&i.status=%s";

	private static final List<String> LINES = List.of(INTENT.formatted(0, 0, "REQUIRES_CAPTURE"),
			INTENT.formatted(700, 0, "SUCCEEDED") + "&key=captured&request=1",
			INTENT.formatted(700, 200, "SUCCEEDED") + "&r.amount=200&r.created=1780000001&r.currency=eur&r.id=re_old"
					+ "&r.intent=pi_old&r.number=0",
			"e.code=card_declined&e.decline=insufficient_funds&e.message=No&e.status=402&e.type=card_error&"
					+ INTENT.replace("pi_old", "pi_declined").formatted(0, 0, "REQUIRES_PAYMENT_METHOD"));

	@BeforeEach
	void beginWithoutBooks() throws IOException {
		this.simulator.close();
		Files.delete(this.directory.resolve("books.db"));
	}

	@Test
	void isTakenOverOnce() throws Exception {
		int request = 31 * "/v1/payment_intents/pi_old/capture".hashCode() + Form.parse("").hashCode();
		restartOn(line(LINES.get(0)) + line(LINES.get(1).replace("request=1", "request=" + request))
				+ line(LINES.get(2)) + line(LINES.get(3)) + "1234abcd torn");
		assertThat(journal()).doesNotExist();
		PaymentIntent intent = this.stripe.v1().paymentIntents().retrieve("pi_old");
		assertThat(intent.getMetadata()).containsEntry("order_id", "o \"1\"\n");
		assertThat(intent.getAmountReceived()).isEqualTo(700);
		assertThat(this.stripe.v1().charges().list().getData().getFirst().getAmountRefunded()).isEqualTo(200);
		assertThat(this.stripe.v1().refunds().retrieve("re_old").getAmount()).isEqualTo(200);
		assertThat(this.stripe.v1().paymentIntents().retrieve("pi_declined").getLastPaymentError().getDeclineCode())
			.isEqualTo("insufficient_funds");
		assertThat(capture(intent, "captured").getLastResponse().headers().firstValue("Idempotent-Replayed"))
			.contains("true");
		assertThat(refund(intent, 500L, key()).getAmount()).isEqualTo(500);
		restart();
		assertThat(this.stripe.v1().refunds().list().getData()).hasSize(2);
	}

	@Test
	void isNotReadAgainAfterACrashBeforeItWasDeleted() throws Exception {
		restartOn(line(LINES.getFirst()));
		capture(this.stripe.v1().paymentIntents().retrieve("pi_old"), key());
		restartOn(line(LINES.getFirst()));
		assertThat(this.stripe.v1().paymentIntents().retrieve("pi_old").getStatus()).isEqualTo("succeeded");
		assertThat(journal()).doesNotExist();
	}

	@Test
	void leavesNothingBehindIfItIsDamagedInTheMiddle() throws Exception {
		this.simulator.close();
		Path other = Files.createDirectory(this.directory.resolve("other"));
		String good = line(LINES.get(0)) + line(LINES.get(1)) + line(LINES.get(2));
		String lines = good.replace("key=captured", "key=changed");
		Files.writeString(other.resolve("books.journal"), lines);
		assertThatIllegalStateException().isThrownBy(() -> PaymentSimulator.start(other))
			.withMessageContaining("damaged: line 2");
		assertThat(other.resolve("books.journal")).hasContent(lines);
		Files.writeString(other.resolve("books.journal"), good);
		this.simulator = PaymentSimulator.start(other);
		this.stripe = client(this.simulator);
		assertThat(this.stripe.v1().refunds().list().getData()).hasSize(1);
	}

	private void restartOn(String journal) throws IOException {
		this.simulator.close();
		Files.writeString(journal(), journal, StandardOpenOption.CREATE_NEW);
		start();
	}

	private Path journal() {
		return this.directory.resolve("books.journal");
	}

	/** Writes the journal of many orders, each authorised and captured. */
	static void write(Path journal, int orders) throws IOException {
		try (Writer writer = Files.newBufferedWriter(journal)) {
			for (int i = 0; i < orders; i++) {
				String id = "pi_" + i;
				writer.write(line(LINES.get(0).replace("pi_old", id) + "&key=authorise" + i + "&request=1"));
				writer.write(line(LINES.get(1).replace("pi_old", id).replace("key=", "key=" + i)));
			}
		}
	}

	static String line(String text) {
		CRC32 checksum = new CRC32();
		checksum.update(text.getBytes(StandardCharsets.US_ASCII));
		return Long.toHexString(checksum.getValue()) + " " + text + "\n";
	}

}
