package dev.sagamart.local;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A Kafka node that is broker and controller (KRaft), in a JVM with a class path of its
 * own from the Maven repository.
 */
public final class KafkaServer extends Part {

	/** A request with its length: its key, version, number, and no name of a client. */
	private static final byte[] API_VERSIONS = ByteBuffer.allocate(14)
		.putInt(10)
		.putShort((short) 18)
		.putShort((short) 0)
		.putInt(1)
		.putShort((short) -1)
		.array();

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
		// Relative to the broker's working directory, its data directory: this is a list,
		// in which a comma cannot be escaped.
		properties.setProperty("log.dirs", "log");
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
		return Ports.answers(host, port, API_VERSIONS, (in) -> in.readInt() > 0 && in.readInt() == 1);
	}

	/** The settings of a broker that is its own controller, without their addresses. */
	public static Properties commonSettings() {
		Properties properties = new Properties();
		Uncheck.accept(properties::load, KafkaServer.class.getResourceAsStream("kafka.properties"));
		return properties;
	}

	private static String classPath() throws IOException {
		String artifacts = IOUtils.resourceToString("/dev/sagamart/local/kafka.classpath", StandardCharsets.UTF_8);
		Path repository = repository(codeSource(XZInputStream.class), System.getProperty("maven.repo.local"));
		return codeSource(KafkaServer.class) + File.pathSeparator
				+ artifacts.strip().replace("{repository}", repository.toString()).replace("|", File.pathSeparator);
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
