package dev.sagamart.e2e;

import dev.sagamart.local.PartName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * How the platform under test runs, and what can be done to its parts. It begins with no
 * data, and a part that dies is started again.
 */
interface Deployment extends AutoCloseable {

	/**
	 * Brings the platform up and waits until all of it is ready: with the launcher of
	 * {@code ./run-local}, or with {@code -Dsagamart.e2e=compose} in containers.
	 * @param root the repository
	 * @param target where it makes a directory of its own
	 * @param environment variables added or replaced, by part
	 */
	static Deployment start(Path root, Path target, Map<PartName, Map<String, String>> environment) throws IOException {
		String kind = System.getProperty("sagamart.e2e", "local");
		return switch (kind) {
			case "local" -> LocalDeployment.start(root, target, environment);
			case "compose" -> ComposeDeployment.start(root, target, environment);
			default -> throw new IllegalArgumentException("sagamart.e2e is local or compose, not " + kind);
		};
	}

	/** Where a part is called from this machine. */
	URI url(PartName part);

	/** Where a service shows its health and metrics. */
	URI managementUrl(PartName part);

	/** The gRPC port of product-service. */
	int grpcPort();

	String kafkaBootstrapServers();

	/** A connection of the superuser. */
	Connection database() throws SQLException;

	/** A directory with all logs until now. */
	Path logs();

	/** A directory with the payment provider's books as they are now. */
	Path providersBooks();

	/** What the threads of a service are doing, as the JVM says it. */
	String threads(PartName service);

	/**
	 * Whether the platform sees from which loopback address it is called.
	 */
	boolean tellsClientsApart();

	/** The process of a part on this machine; not positive if there is none. */
	long pid(PartName part);

	/** {@code kill -9}, after which it comes back by itself. */
	void kill(PartName part);

	/** Ends a part gracefully, and leaves it so. */
	void stop(PartName part);

	/** Starts a part that was stopped, and waits until it is ready. */
	void start(PartName part);

	/** Hangs a part: its connections stay, and nothing answers. */
	void hang(PartName part);

	void wake(PartName part);

	void awaitReady(PartName part);

	@Override
	void close();

}
