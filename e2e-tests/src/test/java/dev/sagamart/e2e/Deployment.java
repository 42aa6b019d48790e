package dev.sagamart.e2e;

import dev.sagamart.local.PartName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Runs the platform under test and controls its parts. It starts without data, and a part
 * that ends unexpectedly is restarted.
 */
interface Deployment extends AutoCloseable {

	/**
	 * Starts the platform and waits until all parts are ready: with the launcher of
	 * {@code ./run-local}, or with {@code -Dsagamart.e2e=compose} in containers.
	 * @param root the repository
	 * @param target the parent of the platform's directory
	 * @param environment environment variables to add or replace, by part
	 */
	static Deployment start(Path root, Path target, Map<PartName, Map<String, String>> environment) throws IOException {
		String kind = System.getProperty("sagamart.e2e", "local");
		return switch (kind) {
			case "local" -> LocalDeployment.start(root, target, environment);
			case "compose" -> ComposeDeployment.start(root, target, environment);
			default -> throw new IllegalArgumentException("sagamart.e2e must be local or compose, not " + kind);
		};
	}

	/** The URL of a part for clients on this machine. */
	URI url(PartName part);

	URI managementUrl(PartName part);

	/** The gRPC port of product-service. */
	int grpcPort();

	String kafkaBootstrapServers();

	Connection database() throws SQLException;

	/** A directory with the current logs of all parts. */
	Path logs();

	/** A directory with the current books of the payment simulator. */
	Path providerBooksDirectory();

	String threadDump(PartName service);

	/**
	 * Whether the platform sees the loopback address of a client.
	 */
	boolean distinguishesClientAddresses();

	/** The process id of a part on this machine; zero or negative if it does not run. */
	long pid(PartName part);

	/** Kills a part as {@code kill -9} does; it is restarted. */
	void kill(PartName part);

	/** Stops a part gracefully; it is not restarted. */
	void stop(PartName part);

	/** Starts a stopped part and waits until it is ready. */
	void start(PartName part);

	/** Suspends a part: it keeps its connections but answers nothing. */
	void hang(PartName part);

	void wake(PartName part);

	void awaitReady(PartName part);

	@Override
	void close();

}
