package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.Parts;
import dev.sagamart.local.PlatformPorts;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/**
 * What the benchmark was asked to do. Everything is bounded: this is for a platform on
 * this machine, and nothing else.
 */
record Options(URI url, Path home, Set<Phase> phases, int users, int products, Duration warmUp, Duration duration,
		double mixedRate, double logInRate, double orderRate, int connections, int orderConnections) {

	static final String USAGE = """
			Usage: e2e-tests/bench [options]

			Drives the running platform (./run-local) through its gateway and prints what it did
			as Markdown. Creates accounts and a category of products named "benchmark" once, and
			leaves them there.

			  --url URL               the gateway, on this machine    [http://localhost:8080]
			  --home DIR              where the platform keeps its files: pids and secrets [.local]
			                          (SAGAMART_HOME and SAGAMART_PORT_… are heeded as by ./run-local)
			  --phases A,B            idle, catalogue, mixed, latency, sustained  [all of them]
			  --duration SECONDS      of each phase, 1..600                    [30]
			  --warm-up SECONDS       of mixed traffic before, 0..600          [20]
			  --mixed-rate N          requests/s of the mixed phase; 0: as many as go [1000]
			  --log-in-rate N         log-ins/s beside the mixed phase, 0..10  [0]
			  --order-rate N          orders/s of the latency phase            [20]
			  --connections N         of the catalogue and mixed phases, 1..1024   [32]
			  --order-connections N   concurrent buyers of the sustained phase [64]
			  --users N               accounts to spread the load over, 1..500 [120]
			  --products N            products of the benchmark, 1..500        [100]
			  --help

			Phases:
			  idle        no requests: what the platform does anyway
			  catalogue   products, lists and searches, as many as the connections carry
			  mixed       80 % catalogue, 15 % reads of orders, 5 % new orders
			  latency     orders at a steady rate: from accepted to CONFIRMED
			  sustained   orders as many as the connections carry, until all are CONFIRMED

			What PostgreSQL, Kafka and the JVMs count is printed per request or order, and with
			idle among the phases also without what the platform does anyway in that time.
			To have it complete, each phase is followed by a rest of some seconds.

			Exit status: 0, or 1 if a request failed or the books do not agree, 2 for a wrong option.
			""";

	enum Phase {

		IDLE("s"), CATALOGUE("read"), MIXED("request"), LATENCY("order"), SUSTAINED("order");

		private final String unit;

		Phase(String unit) {
			this.unit = unit;
		}

		/** What its counts are given for one of. */
		String unit() {
			return this.unit;
		}

		boolean isAllOrders() {
			return this == LATENCY || this == SUSTAINED;
		}

		String word() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/** Reads the command line. */
	static Options parse(String... arguments) {
		URI url = URI
			.create("http://localhost:" + PlatformPorts.defaults().with(System.getenv()).of(Parts.API_GATEWAY));
		Path home = Path.of(System.getenv().getOrDefault("SAGAMART_HOME", ".local"));
		Set<Phase> phases = EnumSet.allOf(Phase.class);
		int users = 120;
		int products = 100;
		int warmUp = 20;
		int duration = 30;
		double mixedRate = 1000;
		double logInRate = 0;
		double orderRate = 20;
		int connections = 32;
		int orderConnections = 64;
		List<String> rest = new ArrayList<>(List.of(arguments));
		while (!rest.isEmpty()) {
			String name = rest.removeFirst();
			if (rest.isEmpty()) {
				throw new IllegalArgumentException(name + " needs a value, or is not known");
			}
			String value = rest.removeFirst();
			switch (name) {
				case "--url" -> url = URI.create(value);
				case "--home" -> home = Path.of(value);
				case "--phases" -> phases = phases(value);
				case "--users" -> users = number(name, value, 1, 500);
				case "--products" -> products = number(name, value, 1, 500);
				case "--warm-up" -> warmUp = number(name, value, 0, 600);
				case "--duration" -> duration = number(name, value, 1, 600);
				case "--mixed-rate" -> mixedRate = number(name, value, 0, 100_000);
				case "--log-in-rate" -> logInRate = number(name, value, 0, 10);
				case "--order-rate" -> orderRate = number(name, value, 1, 10_000);
				case "--connections" -> connections = number(name, value, 1, 1024);
				case "--order-connections" -> orderConnections = number(name, value, 1, 1024);
				default -> throw new IllegalArgumentException(name + " is not known");
			}
		}
		requireThisMachine(url);
		return new Options(url, home, phases, users, products, Duration.ofSeconds(warmUp), Duration.ofSeconds(duration),
				mixedRate, logInRate, orderRate, connections, orderConnections);
	}

	Path pidFiles() {
		return this.home.resolve("run");
	}

	/**
	 * The password of the database's superuser, empty if the platform keeps no secrets
	 * here.
	 */
	String databasePassword() {
		Properties secrets = new Properties();
		try (Reader reader = Files.newBufferedReader(this.home.resolve("data").resolve("secrets.properties"))) {
			secrets.load(reader);
		}
		catch (IOException ex) {
			return "";
		}
		return secrets.getProperty("postgres.superuser", "");
	}

	private static Set<Phase> phases(String value) {
		Set<Phase> phases = EnumSet.noneOf(Phase.class);
		for (String word : value.split(",", -1)) {
			try {
				phases.add(Phase.valueOf(word.strip().toUpperCase(Locale.ROOT)));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("There is no phase " + word, ex);
			}
		}
		return phases;
	}

	private static int number(String name, String value, int least, int most) {
		if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
			throw new IllegalArgumentException(name + " takes a number from " + least + " to " + most);
		}
		return Integer.parseInt(value);
	}

	private static void requireThisMachine(URI url) {
		try {
			if ("http".equals(url.getScheme()) && url.getHost() != null
					&& InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
				return;
			}
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(url + " is not an address", ex);
		}
		throw new IllegalArgumentException("--url takes an http address of this machine only, not " + url);
	}

}
