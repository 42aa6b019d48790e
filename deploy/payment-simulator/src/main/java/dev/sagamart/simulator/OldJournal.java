package dev.sagamart.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Takes over the books of versions that wrote a line for each operation, with a checksum
 * before it and all states of things in it. A torn last line was never answered.
 */
record OldJournal(Path file) {

	/**
	 * Reads it line by line, whatever its size.
	 * @throws IllegalStateException if a line that is not the last one is damaged
	 */
	void readInto(Tables tables, long now) {
		if (!Files.exists(this.file)) {
			return;
		}
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(Files.newInputStream(this.file), StandardCharsets.ISO_8859_1))) {
			String next = reader.readLine();
			for (long number = 1; next != null; number++) {
				String line = next;
				next = reader.readLine();
				int space = line.indexOf(' ');
				if (space > 0 && checksum(line.substring(space + 1)).equals(line.substring(0, space))) {
					takeOver(Form.parse(line.substring(space + 1)), tables, now);
				}
				else if (next != null) {
					throw new IllegalStateException("The books are damaged: line " + number + " of " + this.file);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void takeOver(Form line, Tables tables, long now) {
		String key = line.get("key");
		String id = line.require("i.id");
		Intent known = tables.intent(id);
		String decline = line.get("e.decline");
		IntentState state = new IntentState(IntentState.Status.valueOf(line.require("i.status")), line.get("i.method"),
				line.number("i.captured"), line.number("i.refunded"), decline, 0, null);
		Intent intent = (known != null) ? known.with(state)
				: new Intent(0, id, line.number("i.created"), line.number("i.amount"), line.require("i.currency"),
						Boolean.parseBoolean(line.require("i.manual")), line.nested("i.metadata"), state);
		String refundId = line.get("r.id");
		Refund refund = (refundId == null) ? null : new Refund(0, refundId, line.number("r.created"), id,
				line.number("r.amount"), line.require("r.currency"), line.get("r.reason"), line.nested("r.metadata"));
		tables.takeOver(new Answer(intent, refund, (decline != null) ? Refusal.declined(decline) : null), key,
				(key != null) ? Math.toIntExact(line.number("request")) : 0, now);
	}

	private static String checksum(String text) {
		CRC32 checksum = new CRC32();
		checksum.update(text.getBytes(StandardCharsets.ISO_8859_1));
		return Long.toHexString(checksum.getValue());
	}

	/** What it said is in the store now. */
	void delete() throws IOException {
		Files.deleteIfExists(this.file);
	}

}
