package dev.sagamart.local;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * One Kafka node, broker and controller at once (KRaft), in a JVM of its own. Its class
 * path comes from the Maven repository and is nobody else's.
 */
public final class KafkaServer extends Part {

	private static final int PATIENCE_MILLIS = 1000;

	private static final short API_VERSIONS = 18;

	private static final Path WORKING_DIRECTORY = Path.of("/proc/self/cwd");

	private final List<String> jvmOptions;

	public KafkaServer(Place place) {
		this(place, List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"));
	}

	public KafkaServer(Place place, List<String> jvmOptions) {
		super("kafka", place);
		this.jvmOptions = List.copyOf(jvmOptions);
	}

	public String bootstrapServers() {
		return "127.0.0.1:" + port();
	}

	@Override
	protected ChildProcess launch() {
		Path configuration = place().data().resolve("server.properties");
		try {
			Files.createDirectories(place().data());
			// Escapes what a file of properties cannot hold as it is, in paths above all.
			try (OutputStream out = Files.newOutputStream(configuration)) {
				properties().store(out, null);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		List<String> command = new ArrayList<>();
		command.add(Jdk.java().toString());
		command.add("-Dsagamart.part=" + place().data());
		command.addAll(JvmFiles.options(place().data(), place().log()));
		command.addAll(this.jvmOptions);
		command.addAll(List.of("-Dlog4j2.configurationFile=dev/sagamart/local/kafka-log4j2.properties",
				"-Dlog4j2.disableJmx=true", "--enable-native-access=ALL-UNNAMED",
				"--sun-misc-unsafe-memory-access=allow", "-cp", classPath(), KafkaMain.class.getName(),
				configuration.toString()));
		return ChildProcess.start(command, Map.of(), place());
	}

	/**
	 * Asks for the API versions: a broker binds its port early, but answers only after it
	 * has registered and caught up.
	 */
	@Override
	public boolean isReady() {
		return answers("127.0.0.1", port());
	}

	/** Whether a broker answers there. */
	public static boolean answers(String host, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
			socket.setSoTimeout(PATIENCE_MILLIS);
			ByteArrayOutputStream request = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(request);
			out.writeInt(10);
			out.writeShort(API_VERSIONS);
			out.writeShort(0);
			out.writeInt(1);
			out.writeShort(-1);
			socket.getOutputStream().write(request.toByteArray());
			DataInputStream in = new DataInputStream(socket.getInputStream());
			return in.readInt() > 0 && in.readInt() == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private Properties properties() throws IOException {
		int controller = Ports.free();
		Properties properties = new Properties();
		properties.load(new StringReader("""
				process.roles=broker,controller
				node.id=1
				controller.quorum.voters=1@127.0.0.1:%2$d
				controller.listener.names=CONTROLLER
				listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
				advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
				listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
				num.partitions=12
				default.replication.factor=1
				offsets.topic.num.partitions=4
				offsets.topic.replication.factor=1
				# What is not closed is read again after a kill, and what is not closed is not cleaned up.
				log.segment.bytes=16777216
				offsets.topic.segment.bytes=16777216
				transaction.state.log.num.partitions=1
				transaction.state.log.replication.factor=1
				transaction.state.log.min.isr=1
				share.coordinator.state.topic.num.partitions=1
				share.coordinator.state.topic.replication.factor=1
				share.coordinator.state.topic.min.isr=1
				group.initial.rebalance.delay.ms=0
				group.consumer.min.heartbeat.interval.ms=500
				group.consumer.heartbeat.interval.ms=1000
				group.consumer.min.session.timeout.ms=6000
				group.consumer.session.timeout.ms=10000
				# A broker that was killed may come back only when its old session has ended.
				broker.session.timeout.ms=2000
				broker.heartbeat.interval.ms=500
				num.network.threads=2
				num.io.threads=4
				log.cleaner.dedupe.buffer.size=8388608
				""".formatted(port(), controller)));
		properties.setProperty("log.dirs", logDirectory(place().data()).toString());
		return properties;
	}

	/**
	 * For a list of directories, in which no comma can be escaped. The broker works in
	 * its data directory, and can call that by a name without one.
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

	static String classPath() {
		return Stream.concat(Stream.of(codeSource(KafkaServer.class)), artifacts().stream())
			.map(Path::toString)
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static List<Path> artifacts() {
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
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The local Maven repository: the one that our own class path comes from, or else
	 * where Maven has it.
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
