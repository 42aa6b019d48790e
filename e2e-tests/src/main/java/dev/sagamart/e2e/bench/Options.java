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
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the benchmark was asked to do. Everything is bounded: this is for a platform on
 * this machine, and nothing else.
 */
record Options(URI url, Path home, Set<Phase> phases, int users, int products, Duration warmUp, Duration duration,
		int mixedRate, int logInRate, int orderRate, int connections, int orderConnections) {

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
		Map<String, String> given = new LinkedHashMap<>();
		for (Iterator<String> words = List.of(arguments).iterator(); words.hasNext();) {
			String name = words.next();
			if (!words.hasNext()) {
				throw new IllegalArgumentException(name + " needs a value, or is not known");
			}
			given.put(name, words.next());
		}
		Options options = new Options(url(given.remove("--url")), home(given.remove("--home")),
				phases(given.remove("--phases")), number(given, "--users", 120, 1, 500),
				number(given, "--products", 100, 1, 500), Duration.ofSeconds(number(given, "--warm-up", 20, 0, 600)),
				Duration.ofSeconds(number(given, "--duration", 30, 1, 600)),
				number(given, "--mixed-rate", 1000, 0, 100_000), number(given, "--log-in-rate", 0, 0, 10),
				number(given, "--order-rate", 20, 1, 10_000), number(given, "--connections", 32, 1, 1024),
				number(given, "--order-connections", 64, 1, 1024));
		if (!given.isEmpty()) {
			throw new IllegalArgumentException(given.keySet().iterator().next() + " is not known");
		}
		return options;
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

	private static Set<Phase> phases(@Nullable String value) {
		if (value == null) {
			return EnumSet.allOf(Phase.class);
		}
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

	private static int number(Map<String, String> given, String name, int otherwise, int least, int most) {
		String value = Objects.requireNonNullElse(given.remove(name), Integer.toString(otherwise));
		if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
			throw new IllegalArgumentException(name + " takes a number from " + least + " to " + most);
		}
		return Integer.parseInt(value);
	}

	private static Path home(@Nullable String value) {
		return Path.of((value != null) ? value : System.getenv().getOrDefault("SAGAMART_HOME", ".local"));
	}

	private static URI url(@Nullable String value) {
		URI url = URI.create((value != null) ? value
				: "http://localhost:" + PlatformPorts.defaults().with(System.getenv()).of(Parts.API_GATEWAY));
		try {
			if ("http".equals(url.getScheme()) && url.getHost() != null
					&& InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
				return url;
			}
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(url + " is not an address", ex);
		}
		throw new IllegalArgumentException("--url takes an http address of this machine only, not " + url);
	}

}
