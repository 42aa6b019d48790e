package dev.sagamart.local;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A Kafka node that is broker and controller (KRaft), in a JVM with a class path of its
 * own from the Maven repository.
 */
public final class KafkaServer extends Part {

	private static final int TIMEOUT_MILLIS = 1000;

	/** A request with its length: its key, version, number, and no name of a client. */
	private static final byte[] API_VERSIONS = ByteBuffer.allocate(14)
		.putInt(10)
		.putShort((short) 18)
		.putShort((short) 0)
		.putInt(1)
		.putShort((short) -1)
		.array();

	private static final Path WORKING_DIRECTORY = Path.of("/proc/self/cwd");

	private final List<String> jvmOptions;

	public KafkaServer(Place place) {
		this(place, List.of());
	}

	/** With options that add to or replace those for a heap of 512 MB. */
	public KafkaServer(Place place, List<String> jvmOptions) {
		super(place);
		this.jvmOptions = List.copyOf(jvmOptions);
	}

	public String bootstrapServers() {
		return "127.0.0.1:" + port();
	}

	@Override
	protected List<String> command() throws IOException {
		Path configuration = place().data().resolve("server.properties");
		int controller = Ports.free();
		Properties properties = commonSettings();
		properties.setProperty("log.dirs", logDirectory(place().data()).toString());
		properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
		properties.setProperty("listeners",
				"PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port(), controller));
		// Properties.store escapes special characters, above all in paths.
		try (OutputStream out = Files.newOutputStream(configuration)) {
			properties.store(out, null);
		}
		List<String> command = Jvm.command(place());
		command.addAll(List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"));
		command.addAll(this.jvmOptions);
		command.addAll(List.of("-Dlog4j2.configurationFile=dev/sagamart/local/kafka-log4j2.properties",
				"-Dlog4j2.disableJmx=true", "--enable-native-access=ALL-UNNAMED",
				"--sun-misc-unsafe-memory-access=allow", "-cp", classPath(), KafkaMain.class.getName(),
				configuration.toString()));
		return command;
	}

	/**
	 * Requests the API versions: a broker binds its port early, but answers requests only
	 * after it has registered and caught up.
	 */
	@Override
	public boolean isReady() {
		return answers("127.0.0.1", port());
	}

	public static boolean answers(String host, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.getOutputStream().write(API_VERSIONS);
			DataInputStream in = new DataInputStream(socket.getInputStream());
			return in.readInt() > 0 && in.readInt() == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** The settings of a broker that is its own controller, without their addresses. */
	public static Properties commonSettings() {
		Properties properties = new Properties();
		try (InputStream common = KafkaServer.class.getResourceAsStream("kafka.properties")) {
			properties.load(Objects.requireNonNull(common));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return properties;
	}

	/**
	 * {@code log.dirs} is a list in which a comma cannot be escaped. For such a path,
	 * returns a path without a comma through the broker's working directory, its data
	 * directory.
	 */
	static Path logDirectory(Path data) {
		Path directory = data.resolve("log");
		if (!directory.toString().contains(",")) {
			return directory;
		}
		if (!Files.exists(WORKING_DIRECTORY)) {
			throw new PartFailedException("Kafka cannot keep its data in a path with a comma on this system: "
					+ directory + "; choose another with --state-dir");
		}
		return WORKING_DIRECTORY.resolve("log");
	}

	private static String classPath() throws IOException {
		return Stream.concat(Stream.of(codeSource(KafkaServer.class)), artifacts().stream())
			.map(Path::toString)
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static List<Path> artifacts() throws IOException {
		try (InputStream list = KafkaServer.class.getResourceAsStream("kafka.classpath")) {
			if (list == null) {
				throw new PartFailedException("kafka.classpath is missing: build deploy/local with Maven");
			}
			String root = repository(codeSource(XZInputStream.class), System.getProperty("maven.repo.local"))
				.toString();
			return Stream.of(new String(list.readAllBytes(), StandardCharsets.UTF_8).strip().split("\\|"))
				.map((entry) -> Path.of(entry.replace("{repository}", root)))
				.toList();
		}
	}

	/**
	 * The local Maven repository: the one of the launcher's class path, else Maven's
	 * default.
	 */
	static Path repository(Path library, @Nullable String chosen) {
		String known = library.toString().replace(File.separatorChar, '/');
		int end = known.lastIndexOf("/org/tukaani/xz/");
		if (end > 0) {
			return Path.of(known.substring(0, end));
		}
		return (chosen != null) ? Path.of(chosen) : Path.of(System.getProperty("user.home"), ".m2", "repository");
	}

	private static Path codeSource(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
