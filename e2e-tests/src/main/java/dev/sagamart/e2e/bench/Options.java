package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.Parts;
import dev.sagamart.local.PlatformPorts;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.lang3.EnumUtils;
import org.apache.commons.lang3.math.NumberUtils;
import org.jspecify.annotations.Nullable;

/**
 * The command-line options of the benchmark; {@code e2e-tests/bench --help} describes
 * them. All values are bounded, and the platform must run on this machine.
 */
record Options(URI url, Path home, Set<Phase> phases, int users, int products, Duration warmUp, Duration duration,
		int mixedRate, int logInRate, int orderRate, int connections, int orderConnections) {

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
			Phase phase = EnumUtils.getEnumIgnoreCase(Phase.class, word.strip());
			if (phase == null) {
				throw new IllegalArgumentException("There is no phase " + word);
			}
			phases.add(phase);
		}
		return phases;
	}

	private static int number(Map<String, String> given, String name, int defaultValue, int min, int max) {
		String value = given.remove(name);
		int number = (value != null) ? NumberUtils.toInt(value, -1) : defaultValue;
		if (number < min || number > max) {
			throw new IllegalArgumentException(name + " must be a number from " + min + " to " + max);
		}
		return number;
	}

	private static Path home(@Nullable String value) {
		return Path.of((value != null) ? value : System.getenv().getOrDefault("SAGAMART_HOME", ".local"));
	}

	private static URI url(@Nullable String value) {
		URI url = URI.create((value != null) ? value
				: "http://localhost:" + PlatformPorts.defaults().with(System.getenv()).of(Parts.API_GATEWAY));
		InetAddress address = (url.getHost() != null) ? new InetSocketAddress(url.getHost(), 0).getAddress() : null;
		if (!"http".equals(url.getScheme()) || address == null || !address.isLoopbackAddress()) {
			throw new IllegalArgumentException("--url must be an http address of this machine, not " + url);
		}
		return url;
	}

}
