package dev.sagamart.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;

/**
 * Allows only one platform per directory. The operating system releases the lock when its
 * process ends, even after a crash.
 */
record InstanceLock(FileChannel channel) implements AutoCloseable {

	/**
	 * Acquires the lock.
	 * @throws PartFailedException if another process holds it, or the directory is not
	 * writable
	 */
	static InstanceLock take(Path file) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			if (lock(channel) == null) {
				String holder = Files.readString(file).strip();
				channel.close();
				throw new PartFailedException("Sagamart is already running in " + file.toAbsolutePath().getParent()
						+ ", as process " + holder + ". Stop it with Ctrl-C or: kill " + holder);
			}
			channel.truncate(0);
			channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
					0);
			return new InstanceLock(channel);
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot write to " + file.toAbsolutePath().getParent() + ": " + ex
					+ "; choose another directory with --state-dir", ex);
		}
	}

	@Override
	public void close() {
		Uncheck.run(this.channel::close);
	}

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

}
