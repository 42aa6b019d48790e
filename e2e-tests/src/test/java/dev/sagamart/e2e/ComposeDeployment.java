package dev.sagamart.e2e;

import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.local.PartName;
import dev.sagamart.local.Platform;
import dev.sagamart.local.PlatformPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

/**
 * The containers of docker-compose.yml with a separate project name. All ports are
 * published as documented and must be free. Existing images are not built again.
 * {@link #close} removes the volumes and keeps the logs.
 */
final class ComposeDeployment implements Deployment {

	private static final String PROJECT = "sagamart-e2e";

	private static final String DATABASE_PASSWORD = UUID.randomUUID().toString();

	private static final PlatformPorts PORTS = PlatformPorts.defaults();

	private final Path root;

	private final Path home;

	private final List<String> compose;

	private final Map<String, String> containers = new HashMap<>();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(1))
		.build();

	private ComposeDeployment(Path root, Path home, List<String> compose) {
		this.root = root;
		this.home = home;
		this.compose = compose;
	}

	static ComposeDeployment start(Path root, Path target, Map<PartName, Map<String, String>> environment)
			throws IOException {
		Path home = target.resolve("compose");
		try (DirectoryStream<Path> logs = Files.newDirectoryStream(Files.createDirectories(home.resolve("log")))) {
			for (Path log : logs) {
				Files.delete(log);
			}
		}
		// Replaces the developer's own .env.
		Path env = Files.writeString(home.resolve("env"),
				"SUPERUSER_PASSWORD=" + DATABASE_PASSWORD + "\nSIMULATOR_FAULTS_TOKEN=" + ProviderBooks.TOKEN + "\n");
		// JSON is valid YAML.
		Path settings = Files.writeString(home.resolve("settings.json"),
				JsonMapper.shared()
					.writeValueAsString(Map.of("services",
							environment.entrySet()
								.stream()
								.collect(Collectors.toMap((part) -> part.getKey().text(),
										(part) -> Map.of("environment", part.getValue()))))));
		List<String> compose = new ArrayList<>(command());
		compose.addAll(List.of("-p", PROJECT, "--env-file", env.toString(), "-f",
				root.resolve("docker-compose.yml").toString(), "-f",
				root.resolve("deploy/compose/open-ports.yml").toString(), "-f", settings.toString()));
		ComposeDeployment deployment = new ComposeDeployment(root, home, List.copyOf(compose));
		// Remove what a killed run left behind.
		deployment.compose("down", "-v");
		try {
			deployment.up();
			return deployment;
		}
		catch (RuntimeException ex) {
			deployment.close();
			throw ex;
		}
	}

	private void up() {
		try {
			compose("up", "-d");
		}
		finally {
			run("docker", "ps", "-a", "--filter", "label=com.docker.compose.project=" + PROJECT, "--format",
					"{{.Label \"com.docker.compose.service\"}} {{.ID}}")
				.lines()
				.map((line) -> line.split(" "))
				.forEach((container) -> this.containers.put(container[0], container[1]));
		}
		for (PartName part : PartName.ALL) {
			awaitReady(part);
		}
	}

	@Override
	public URI url(PartName part) {
		return URI.create("http://localhost:" + PORTS.of(part));
	}

	@Override
	public URI managementUrl(PartName part) {
		return URI.create("http://localhost:" + PORTS.of(part.text() + "-management"));
	}

	@Override
	public int grpcPort() {
		return PORTS.of(PlatformPorts.grpc("product-service"));
	}

	@Override
	public String kafkaBootstrapServers() {
		return "localhost:" + PORTS.of(PartName.KAFKA);
	}

	@Override
	public Connection database() throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + PORTS.of(PartName.POSTGRES) + "/sagamart",
				"postgres", DATABASE_PASSWORD);
	}

	@Override
	public Path logs() {
		try {
			Path logs = this.home.resolve("log");
			for (Map.Entry<String, String> container : this.containers.entrySet()) {
				Files.writeString(logs.resolve(container.getKey() + ".log"),
						run("docker", "logs", container.getValue()));
			}
			return logs;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public Path providerBooksDirectory() {
		Path books = this.home.resolve("books");
		run("docker", "cp", container(Parts.PAYMENT_SIMULATOR) + ":/data/.", books.toString());
		return books;
	}

	/**
	 * Reads the thread dump from the log, because the images have no jcmd. Does not use
	 * {@code docker kill --signal QUIT}, because Docker does not restart a container
	 * after that.
	 */
	@Override
	public String threadDump(PartName service) {
		Instant since = Instant.now();
		signal(service, "QUIT");
		return Awaitility.await("the threads of " + service.text())
			.until(() -> run("docker", "logs", "--since", since.toString(), container(service)),
					(log) -> log.contains("JNI global refs"));
	}

	/** All requests come from the address of Docker's proxy. */
	@Override
	public boolean distinguishesClientAddresses() {
		return false;
	}

	@Override
	public long pid(PartName part) {
		return Long.parseLong(state(part, ".Pid"));
	}

	@Override
	public void kill(PartName part) {
		signal(part, "KILL");
	}

	@Override
	public void stop(PartName part) {
		run("docker", "stop", "-t", "20", container(part));
	}

	@Override
	public void start(PartName part) {
		run("docker", "start", container(part));
		awaitReady(part);
	}

	@Override
	public void hang(PartName part) {
		run("docker", "pause", container(part));
	}

	@Override
	public void wake(PartName part) {
		run("docker", "unpause", container(part));
	}

	@Override
	public void awaitReady(PartName part) {
		Awaitility.await(part.text() + " to be ready")
			.atMost(Platform.START_TIMEOUT)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> isReady(part));
	}

	/** Docker's health check tests only liveness of services, so ask for readiness. */
	private boolean isReady(PartName part) throws InterruptedException {
		if (!part.isService()) {
			return state(part, ".Health.Status").equals("healthy");
		}
		HttpRequest request = HttpRequest.newBuilder(managementUrl(part).resolve("/actuator/health/readiness"))
			.timeout(Duration.ofSeconds(2))
			.build();
		try {
			return this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * The command in the variable COMPOSE, as for deploy/compose-smoke.sh, or an
	 * installed one.
	 */
	private static List<String> command() {
		String named = System.getenv("COMPOSE");
		if (named != null) {
			return List.of(named.split(" "));
		}
		return succeeds("docker", "compose", "version") ? List.of("docker", "compose") : List.of("docker-compose");
	}

	@Override
	public void close() {
		this.http.close();
		try {
			logs();
			log(run(this.root.resolve("deploy/compose/memory").toString(), PROJECT));
		}
		finally {
			compose("down", "-v");
		}
	}

	/**
	 * Sends the signal from a privileged container, because the process belongs to the
	 * Docker host.
	 */
	private void signal(PartName part, String signal) {
		run("docker", "run", "--rm", "--pid=host", "--network=none", "alpine:3", "sh", "-c",
				"kill -s " + signal + " " + pid(part));
	}

	private String state(PartName part, String what) {
		return run("docker", "inspect", "-f", "{{.State" + what + "}}", container(part)).strip();
	}

	private String container(PartName part) {
		String container = this.containers.get(part.text());
		if (container == null) {
			throw new IllegalStateException("There is no container of " + part.text());
		}
		return container;
	}

	private void compose(String... arguments) {
		List<String> command = new ArrayList<>(this.compose);
		command.addAll(List.of(arguments));
		log(run(command.toArray(String[]::new)));
	}

	private static void log(String lines) {
		lines.lines().forEach((line) -> System.out.println("[platform] " + line));
	}

	private static boolean succeeds(String... command) {
		try {
			run(command);
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private static String run(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
