package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JournalTests {

	@TempDir
	Path directory;

	@Test
	void readsBackWhatWasAppended() throws IOException {
		try (Journal journal = Journal.open(path(), (line) -> {
		})) {
			journal.append(Form.empty().put("a", "ä & ü=\n").put("b[c]", 3));
			journal.append(Form.empty().put("a", ""));
		}
		List<Form> lines = read();
		assertThat(lines).hasSize(2);
		assertThat(lines.getFirst().require("a")).isEqualTo("ä & ü=\n");
		assertThat(lines.getFirst().nested("b")).containsEntry("c", "3");
	}

	@Test
	void cutsOffATornLastLineAndGoesOn() throws IOException {
		for (String torn : List.of("1234abcd a=", "1234abcd a=b\n", "x\n")) {
			Files.deleteIfExists(path());
			append("whole");
			Files.writeString(path(), torn, StandardOpenOption.APPEND);
			append("next");
			assertThat(read()).extracting((line) -> line.require("a")).containsExactly("whole", "next");
		}
	}

	@Test
	void refusesBooksThatAreDamagedInTheMiddle() throws IOException {
		append("first");
		append("second");
		Files.writeString(path(), Files.readString(path()).replace("first", "fault"));
		assertThatIllegalStateException().isThrownBy(this::read).withMessageContaining("damaged");
	}

	private void append(String value) throws IOException {
		try (Journal journal = Journal.open(path(), (line) -> {
		})) {
			journal.append(Form.empty().put("a", value));
		}
	}

	private List<Form> read() throws IOException {
		List<Form> lines = new ArrayList<>();
		Journal.open(path(), lines::add).close();
		return lines;
	}

	private Path path() {
		return this.directory.resolve("books/books.journal");
	}

}
