package dev.sagamart.local;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Main class of the broker's JVM: formats a new storage, then starts the broker. */
final class KafkaMain {

	private static final String CLUSTER = "c2FnYW1hcnQtbG9jYWwtMQ";

	private KafkaMain() {
	}

	public static void main(String[] arguments) {
		Path configuration = Path.of(arguments[0]);
		if (!Files.exists(configuration.resolveSibling("log").resolve("meta.properties"))) {
			StorageTool.execute(
					new String[] { "format", "--cluster-id", CLUSTER, "--config", configuration.toString() },
					System.out);
		}
		Kafka.main(new String[] { configuration.toString() });
	}

}
