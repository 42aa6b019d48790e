package dev.sagamart.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Lines that survive a killed process: each is handed to the operating system before
 * {@link #append} returns, and carries a checksum. A torn end is cut off when opened; not
 * for several threads.
 */
final class Journal implements AutoCloseable {

	private final FileChannel file;

	private Journal(FileChannel file) {
		this.file = file;
	}

	/**
	 * Opens a journal and reads what is in it.
	 * @throws IllegalStateException if a line that is not the last one is damaged
	 */
	static Journal open(Path path, Consumer<Form> line) throws IOException {
		Files.createDirectories(path.toAbsolutePath().getParent());
		FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		try {
			file.truncate(read(file, line));
			file.position(file.size());
			return new Journal(file);
		}
		catch (IOException | RuntimeException ex) {
			file.close();
			throw ex;
		}
	}

	private static long read(FileChannel file, Consumer<Form> line) throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(Channels.newInputStream(file), StandardCharsets.US_ASCII));
		long size = file.size();
		long good = 0;
		for (String text = reader.readLine(); text != null; text = reader.readLine()) {
			long end = good + text.length() + 1;
			int space = text.indexOf(' ');
			if (end > size || space < 0 || !checksum(text.substring(space + 1)).equals(text.substring(0, space))) {
				if (end < size) {
					throw new IllegalStateException("The books are damaged at byte " + good);
				}
				return good;
			}
			line.accept(Form.parse(text.substring(space + 1)));
			good = end;
		}
		return good;
	}

	void append(Form line) {
		String text = line.encode();
		ByteBuffer bytes = ByteBuffer.wrap((checksum(text) + " " + text + "\n").getBytes(StandardCharsets.US_ASCII));
		try {
			while (bytes.hasRemaining()) {
				this.file.write(bytes);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.file.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String checksum(String text) {
		CRC32 checksum = new CRC32();
		checksum.update(text.getBytes(StandardCharsets.US_ASCII));
		return Long.toHexString(checksum.getValue());
	}

}
