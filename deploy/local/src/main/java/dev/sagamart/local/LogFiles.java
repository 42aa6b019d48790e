package dev.sagamart.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Keeps the logs of the parts from filling the disk. A log that is too long is copied to
 * {@code NAME.log.1} and truncated. Its part continues in the same file, because parts
 * open their logs for appending. Lines that are written during the copy may be lost.
 */
record LogFiles(Path directory, long limit) {

	/** The greatest length of a log in bytes. */
	static final long LIMIT = 10 * 1024 * 1024;

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	/** Checks the logs in the background until the condition is true. */
	void keepSmallUntil(BooleanSupplier over) {
		Thread.ofVirtual().name("logs").start(() -> {
			while (!over.getAsBoolean()) {
				keepSmall();
				Part.pause(INTERVAL);
			}
		});
	}

	void keepSmall() {
		try (DirectoryStream<Path> logs = Files.newDirectoryStream(this.directory, "*.log")) {
			for (Path log : logs) {
				if (Files.size(log) > this.limit) {
					Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
					FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
				}
			}
		}
		catch (IOException ex) {
			// The directory is missing or the disk is full; the next check tries again.
			return;
		}
	}

}
