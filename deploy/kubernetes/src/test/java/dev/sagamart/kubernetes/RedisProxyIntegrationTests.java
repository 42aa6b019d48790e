package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/**
 * Tests {@code redis/haproxy.cfg} in a real HAProxy, with a DNS server that has the host
 * names of Kubernetes and no search domain. Each node has its own address in 127.0.0.0/8,
 * like a pod.
 */
@EnabledIf("programsAreInstalled")
class RedisProxyIntegrationTests {

	private static final String NAMESPACE = "shop";

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final String network = "127.%d.%d.".formatted(ThreadLocalRandom.current().nextInt(16, 255),
			ThreadLocalRandom.current().nextInt(1, 255));

	private final int proxyPort = freePort();

	private final int namesPort = freePort();

	private final Map<String, String> names = new TreeMap<>();

	private final Map<String, RedisServer> nodes = new TreeMap<>();

	private final List<Process> programs = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void start() throws IOException {
		node("redis-0", this.network + 1, "no one");
		node("redis-1", this.network + 2, this.network + "1 6379");
		node("redis-2", this.network + 3, this.network + "1 6379");
		program(Map.of(), "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=" + this.namesPort,
				"--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "--local-ttl=1",
				"--addn-hosts=" + this.directory.resolve("names"), "--pid-file=",
				// When started by root, dnsmasq would switch to a user who cannot read
				// the directory.
				"--user=" + System.getProperty("user.name"));
		Path configuration = this.directory.resolve("haproxy.cfg");
		Files.writeString(configuration,
				Yaml.text(Repository.KUBERNETES.resolve("overlays/production/redis/haproxy.cfg"))
					.replace("parse-resolv-conf", "nameserver dnsmasq 127.0.0.1:" + this.namesPort)
					.replace("bind :6379", "bind 127.0.0.1:" + this.proxyPort)
					.replace("bind :8404", "bind 127.0.0.1:" + freePort()));
		program(Map.of("NAMESPACE", NAMESPACE, "REDIS_PASSWORD", "secret"), "haproxy", "-W", "-db", "-f",
				configuration.toString());
	}

	@AfterEach
	void end() throws IOException {
		this.programs.forEach(Process::destroy);
		for (RedisServer node : this.nodes.values()) {
			node.stop();
		}
	}

	@Test
	void connectsToThePrimaryAfterAFailoverAndANewAddress() throws IOException {
		awaitThatClientsReach(this.network + 1);

		ask(this.network + 2, 6379, "REPLICAOF NO ONE");
		ask(this.network + 1, 6379, "REPLICAOF " + this.network + "2 6379");
		awaitThatClientsReach(this.network + 2);

		// A restarted pod has another address.
		this.nodes.remove("redis-1").stop();
		node("redis-1", this.network + 4, "no one");
		assertThat(reload(this.programs.getFirst())).isZero();
		awaitThatClientsReach(this.network + 4);
	}

	private void awaitThatClientsReach(String address) {
		await().atMost(PATIENCE)
			.ignoreExceptions()
			.untilAsserted(
					() -> assertThat(ask("127.0.0.1", this.proxyPort, "CONFIG GET bind")).contains(address + "\r\n"));
	}

	/** Starts a Redis node at an address and adds its host name. */
	private void node(String pod, String address, String primary) throws IOException {
		RedisServer node = RedisServer.newRedisServer()
			.bind(address)
			.port(6379)
			.setting("requirepass secret")
			.setting("masterauth secret")
			.setting("replicaof " + primary)
			.setting("dir " + this.directory)
			.build();
		node.start();
		this.nodes.put(pod, node);
		this.names.put(pod + ".redis-nodes." + NAMESPACE + ".svc.cluster.local", address);
		Files.writeString(this.directory.resolve("names"),
				this.names.entrySet()
					.stream()
					.map((name) -> name.getValue() + " " + name.getKey() + "\n")
					.collect(Collectors.joining()));
	}

	private String ask(String host, int port, String command) throws IOException {
		try (Socket socket = new Socket(host, port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write("AUTH secret\r\n%s\r\nQUIT\r\n".formatted(command).getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	private void program(Map<String, String> environment, String name, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(path(name).orElseThrow().toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve(name + ".log").toFile());
		program.environment().putAll(environment);
		this.programs.add(program.start());
	}

	/** Makes dnsmasq read its names again. */
	private static int reload(Process names) throws IOException {
		try {
			return new ProcessBuilder("kill", "-HUP", Long.toString(names.pid())).start().waitFor();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static boolean programsAreInstalled() {
		return Stream.of("haproxy", "dnsmasq").allMatch((program) -> path(program).isPresent());
	}

	/** Searches /usr/sbin too, because Debian installs both programs there. */
	private static Optional<Path> path(String program) {
		return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
			.map((directory) -> Path.of(directory, program))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
