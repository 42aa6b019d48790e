package dev.sagamart.e2e;

import dev.sagamart.local.PartFailedException;
import dev.sagamart.local.PartName;
import dev.sagamart.local.Platform;
import dev.sagamart.local.PlatformConfiguration;
import dev.sagamart.local.PlatformPorts;
import dev.sagamart.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The platform as processes of this machine on random ports. */
final class LocalDeployment implements Deployment {

	/** The greatest number of characters that are shown of an error. */
	private static final int MAX_ERROR_LENGTH = 1000;

	/** The number of last lines that are shown of a part that ended without an error. */
	private static final int TAIL_LINES = 5;

	private final Platform platform;

	private LocalDeployment(Platform platform) {
		this.platform = platform;
	}

	static LocalDeployment start(Path root, Path target, Map<PartName, Map<String, String>> environment) {
		PlatformConfiguration configuration = PlatformConfiguration.forTests(root, target.resolve("platform"),
				environment, (line) -> System.out.println("[platform] " + line));
		try {
			return new LocalDeployment(Platform.start(configuration));
		}
		catch (PartFailedException ex) {
			String failure = ex.getMessage();
			throw new PartFailedException(failure + lastErrors(configuration.home().resolve("log"), failure), ex);
		}
	}

	/**
	 * The last errors in the logs, because a CI machine keeps only the build's output.
	 */
	private static String lastErrors(Path logs, String failure) {
		StringBuilder errors = new StringBuilder();
		try (Stream<Path> files = Files.list(logs)) {
			for (Path file : files.sorted().toList()) {
				List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
				String error = lastError(lines);
				if (error.isEmpty() && failure.contains(file.toString())) {
					error = String.join(" ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
				}
				if (!error.isEmpty()) {
					errors.append("; ").append(file.getFileName()).append(": ").append(shortened(error));
				}
			}
		}
		catch (IOException ex) {
			errors.append("; no logs: ").append(ex);
		}
		return errors.toString();
	}

	/**
	 * The last error with the lines after it: the causes, or the reason why the
	 * application did not start.
	 */
	private static String lastError(List<String> lines) {
		int last = lines.size() - 1;
		while (last >= 0 && !lines.get(last).contains("ERROR") && !lines.get(last).contains("FATAL")) {
			last--;
		}
		return (last < 0) ? ""
				: lines.subList(last, lines.size())
					.stream()
					.filter((line) -> !line.isBlank() && !line.startsWith("\t"))
					.collect(Collectors.joining(" "));
	}

	/** Keeps the beginning and the end, which contains the root cause. */
	private static String shortened(String text) {
		return (text.length() <= MAX_ERROR_LENGTH) ? text : text.substring(0, MAX_ERROR_LENGTH / 2) + " … "
				+ text.substring(text.length() - MAX_ERROR_LENGTH / 2);
	}

	@Override
	public URI url(PartName part) {
		return this.platform.url(part);
	}

	@Override
	public URI managementUrl(PartName part) {
		return this.platform.managementUrl(part);
	}

	@Override
	public int grpcPort() {
		return this.platform.configuration().ports().of(PlatformPorts.grpc("product-service"));
	}

	@Override
	public String kafkaBootstrapServers() {
		return "127.0.0.1:" + this.platform.configuration().ports().of(PartName.KAFKA);
	}

	@Override
	public Connection database() throws SQLException {
		return ((PostgresServer) this.platform.part(PartName.POSTGRES)).connect(PostgresServer.DATABASE);
	}

	@Override
	public Path logs() {
		return this.platform.part(Parts.API_GATEWAY).place().log().getParent();
	}

	@Override
	public Path providerBooksDirectory() {
		return this.platform.configuration().home().resolve("data").resolve(Parts.PAYMENT_SIMULATOR.text());
	}

	@Override
	public String threadDump(PartName service) {
		try {
			Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
					String.valueOf(pid(service)), "Thread.print")
				.redirectErrorStream(true)
				.start();
			return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean distinguishesClientAddresses() {
		return true;
	}

	@Override
	public long pid(PartName part) {
		return this.platform.part(part).pid();
	}

	@Override
	public void kill(PartName part) {
		this.platform.part(part).kill();
	}

	@Override
	public void stop(PartName part) {
		this.platform.stop(part);
	}

	@Override
	public void start(PartName part) {
		this.platform.start(part);
	}

	@Override
	public void hang(PartName part) {
		this.platform.part(part).signal("STOP");
	}

	@Override
	public void wake(PartName part) {
		this.platform.part(part).signal("CONT");
	}

	@Override
	public void awaitReady(PartName part) {
		Awaitility.await(part + ", see its log")
			.atMost(Platform.START_TIMEOUT)
			.until(this.platform.part(part)::isReady);
	}

	@Override
	public void close() {
		this.platform.close();
	}

}
