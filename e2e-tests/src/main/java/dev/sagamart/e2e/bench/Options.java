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
 * The command-line options of the benchmark. All values are bounded, and the platform
 * must run on this machine.
 */
record Options(URI url, Path home, Set<Phase> phases, int users, int products, Duration warmUp, Duration duration,
		int mixedRate, int logInRate, int orderRate, int connections, int orderConnections) {

	static final String USAGE = """
			Usage: e2e-tests/bench [options]

			Sends load to the running platform (./run-local) through its gateway and prints the
			results as Markdown. Creates accounts and products of the category "benchmark" once and
			keeps them.

			  --url URL               the gateway, on this machine    [http://localhost:8080]
			  --home DIR              the directory with the platform's pid files and secrets [.local]
			                          (SAGAMART_HOME and SAGAMART_PORT_… work as with ./run-local)
			  --phases A,B            idle, catalogue, mixed, latency, sustained  [all of them]
			  --duration SECONDS      of each phase, 1..600                    [30]
			  --warm-up SECONDS       of mixed traffic before, 0..600          [20]
			  --mixed-rate N          requests/s of the mixed phase; 0: as many as possible [1000]
			  --log-in-rate N         additional log-ins/s in the mixed phase, 0..10  [0]
			  --order-rate N          orders/s of the latency phase            [20]
			  --connections N         of the catalogue and mixed phases, 1..1024   [32]
			  --order-connections N   concurrent buyers of the sustained phase [64]
			  --users N               number of accounts that send the load, 1..500 [120]
			  --products N            products of the benchmark, 1..500        [100]
			  --help

			Phases:
			  idle        no requests: what the idle platform does
			  catalogue   products, lists and searches, as many as the connections allow
			  mixed       80 % catalogue, 15 % reads of orders, 5 % new orders
			  latency     orders at a steady rate: the time from accepted to CONFIRMED
			  sustained   as many orders as the connections allow, until all are CONFIRMED

			Prints the counters of PostgreSQL, Kafka and the JVMs per request or order, and with the
			phase idle also without what the idle platform does in the same time. After each phase,
			waits some seconds until the counters are complete.

			Exit status: 0 on success, 1 if a request or a check failed, 2 for a wrong option.
			""";

	enum Phase {

		IDLE("s"), CATALOGUE("read"), MIXED("request"), LATENCY("order"), SUSTAINED("order");

		private final String unit;

		Phase(String unit) {
			this.unit = unit;
		}

		/** The unit that counters are divided by. */
		String unit() {
			return this.unit;
		}

		boolean isAllOrders() {
			return this == LATENCY || this == SUSTAINED;
		}

		String optionName() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	static Options parse(String... arguments) {
		Map<String, String> given = new LinkedHashMap<>();
		for (Iterator<String> words = List.of(arguments).iterator(); words.hasNext();) {
			String name = words.next();
			if (!words.hasNext()) {
				throw new IllegalArgumentException(name + " is unknown or needs a value");
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
			throw new IllegalArgumentException(given.keySet().iterator().next() + " is unknown");
		}
		return options;
	}

	Path pidFiles() {
		return this.home.resolve("run");
	}

	/**
	 * The password of the database's superuser, empty if the secrets cannot be read.
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

	private static int number(Map<String, String> given, String name, int defaultValue, int min, int max) {
		String value = Objects.requireNonNullElse(given.remove(name), Integer.toString(defaultValue));
		if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < min || Integer.parseInt(value) > max) {
			throw new IllegalArgumentException(name + " must be a number from " + min + " to " + max);
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
		throw new IllegalArgumentException("--url must be an http address of this machine, not " + url);
	}

}
