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
 * Keeps the logs of the parts from filling the disk. One that has grown too long becomes
 * {@code NAME.log.1}, and its part goes on in the same file, which is empty then: parts
 * append, and so write at the end wherever that is. Lines that are written while the copy
 * is made may be lost.
 */
final class LogFiles {

	/** How long a log may be, in bytes. */
	static final long LIMIT = 10 * 1024 * 1024;

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final Path directory;

	private final long limit;

	LogFiles(Path directory, long limit) {
		this.directory = directory;
		this.limit = limit;
	}

	/** Looks after the logs, in the background, until that is over. */
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
			// There is none yet, or the disk is full already: the next look may do
			// better.
			return;
		}
	}

}
