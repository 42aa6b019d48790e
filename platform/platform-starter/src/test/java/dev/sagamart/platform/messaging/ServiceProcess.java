package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.outbox.RelayFixture;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** {@link MessagingApplication} in a process of its own, which can be killed. */
final class ServiceProcess implements AutoCloseable {

	/** How a process ends that halts itself where it was told to. */
	static final int HALTED = 42;

	private final Process process;

	private final Path log;

	private ServiceProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts a process.
	 * @param name the application's name, by which its sessions are found
	 * @param properties more properties, {@code name=value}
	 */
	static ServiceProcess start(String name, String url, String... properties) throws IOException {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
				MessagingApplication.class.getName(), "--spring.application.name=" + name,
				"--sagamart.schema=" + RelayFixture.SCHEMA, "--spring.datasource.url=" + url,
				"--POSTGRES_PASSWORD=" + RelayFixture.password(),
				"--KAFKA_BOOTSTRAP_SERVERS=" + TestServers.kafka().address(),
				"--JWKS_URI=" + TestTokens.shared().jwksUri(), "--server.port=0", "--management.server.port=0",
				"--spring.flyway.locations=classpath:db/messaging-tests", "--logging.structured.format.console="));
		for (String property : properties) {
			command.add("--" + property);
		}
		Path log = Files.createTempFile(Path.of("target"), name + "-", ".log");
		return new ServiceProcess(
				new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
	}

	ServiceProcess awaitStarted() {
		Awaitility.await(this.log.toString())
			.atMost(4, TimeUnit.MINUTES)
			.until(() -> !this.process.isAlive()
					|| Files.readString(this.log).contains("Started MessagingApplication"));
		return this;
	}

	/** Waits until it ends by itself. */
	int awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(4, TimeUnit.MINUTES)) {
			throw new IllegalStateException("Still running, see " + this.log);
		}
		return this.process.exitValue();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** {@code kill -9}. */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/** {@code kill}, and waits until it has ended in order. */
	int terminate() throws InterruptedException {
		this.process.destroy();
		return awaitEnd();
	}

	@Override
	public void close() throws InterruptedException {
		kill();
	}

}
