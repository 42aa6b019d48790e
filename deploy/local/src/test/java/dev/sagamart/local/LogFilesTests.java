package dev.sagamart.local;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LogFilesTests {

	@TempDir
	Path directory;

	@Test
	void areKeptSmallWhileTheirPartsWrite() throws Exception {
		Path log = this.directory.resolve("kafka.log");
		Path earlier = this.directory.resolve("kafka.log.1");
		LogFiles logs = new LogFiles(this.directory, 10);
		try (OutputStream part = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
			part.write("first and long\n".getBytes());
			logs.keepSmall();
			assertThat(log).isEmptyFile();
			assertThat(earlier).hasContent("first and long\n");
			part.write("short\n".getBytes());
			logs.keepSmall();
			assertThat(log).hasContent("short\n");
			part.write("second\n".getBytes());
			logs.keepSmall();
			part.write("third\n".getBytes());
		}
		assertThat(log).hasContent("third\n");
		assertThat(earlier).hasContent("short\nsecond\n");
		assertThat(this.directory).isDirectoryNotContaining("glob:**.2");
	}

	@Test
	void mayBeMissing() {
		Path missing = this.directory.resolve("missing");
		new LogFiles(missing, 10).keepSmall();
		assertThat(missing).doesNotExist();
	}

	@Test
	void areCheckedUntilTheConditionIsTrue() throws Exception {
		Path log = Files.writeString(this.directory.resolve("redis.log"), "longer than the limit");
		boolean[] checked = new boolean[1];
		new LogFiles(this.directory, 10).keepSmallUntil(() -> {
			boolean over = checked[0];
			checked[0] = true;
			return over;
		});
		await().until(() -> Files.size(log) == 0);
		assertThat(this.directory.resolve("redis.log.1")).hasContent("longer than the limit");
	}

}
