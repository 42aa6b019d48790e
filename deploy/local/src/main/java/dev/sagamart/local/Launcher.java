package dev.sagamart.local;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Main class of {@code ./run-local}: runs the platform in the foreground until a signal
 * ends it.
 */
public final class Launcher {

	private static final int FAILED = 1;

	private Launcher() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		Platform platform;
		try {
			Declaration.current();
			platform = Platform.prepare(configuration(List.of(arguments), System.getenv(), System.out::println));
		}
		catch (PartFailedException ex) {
			System.err.println(ex.getMessage());
			System.exit(FAILED);
			return;
		}
		Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(platform, System.out)));
		run(platform, System.out, System.err);
	}

	/** Starts the platform and waits for ever; exits if the start fails. */
	private static void run(Platform platform, PrintStream out, PrintStream err) throws InterruptedException {
		Instant begin = Instant.now();
		try {
			out.println("Starting Sagamart in " + platform.configuration().home());
			out.println(compilation(platform.configuration().tuned(), Runtime.getRuntime().availableProcessors()));
			platform.startAll();
			out.println(welcome(platform, Duration.between(begin, Instant.now())));
		}
		catch (PartFailedException ex) {
			if (!platform.isStopping()) {
				err.println(ex.getMessage());
				System.exit(FAILED);
			}
		}
		new CountDownLatch(1).await();
	}

	private static void stop(Platform platform, PrintStream out) {
		Instant begin = Instant.now();
		out.println("Stopping …");
		platform.close();
		out.println(String.format(Locale.ROOT, "Stopped after %.1f s; the data is kept in %s",
				Duration.between(begin, Instant.now()).toMillis() / 1000.0, platform.configuration().data()));
	}

	/** Reads the command line; {@code run-local --help} documents it. */
	static PlatformConfiguration configuration(List<String> arguments, Map<String, String> environment,
			Consumer<String> console) {
		Path root = Path.of("").toAbsolutePath();
		String home = environment.getOrDefault("SAGAMART_HOME", "");
		boolean fresh = false;
		boolean aotCache = true;
		boolean supervised = true;
		boolean random = false;
		String profiles = "local,demo";
		boolean tuned = PlatformConfiguration.isTunedFor(Runtime.getRuntime().availableProcessors());
		List<String> ports = new ArrayList<>();
		List<PartName> only = new ArrayList<>();
		List<PartName> without = new ArrayList<>();
		Iterator<String> words = arguments.iterator();
		while (words.hasNext()) {
			String option = words.next();
			switch (option) {
				case "--root" -> root = Path.of(value(option, words));
				case "--state-dir" -> home = value(option, words);
				case "--fresh" -> fresh = true;
				case "--no-aot" -> aotCache = false;
				case "--tuned" -> tuned = true;
				case "--quick-start" -> tuned = false;
				case "--no-restart" -> supervised = false;
				case "--random-ports" -> random = true;
				case "--profiles" -> profiles = value(option, words);
				case "--only" -> only.addAll(PartName.parseList(value(option, words)));
				case "--without" -> without.addAll(PartName.parseList(value(option, words)));
				case "--port" -> ports.add(value(option, words));
				default -> throw new PartFailedException("Unknown option " + option + "; see ./run-local --help");
			}
		}
		return new PlatformConfiguration(root, parts(only, without),
				home.isBlank() ? root.resolve(".local") : Path.of(home), ports(random, environment, ports), fresh,
				supervised, aotCache, tuned, profiles, Map.of(), console);
	}

	private static String value(String option, Iterator<String> words) {
		if (!words.hasNext()) {
			throw new PartFailedException(option + " needs a value; see ./run-local --help");
		}
		return words.next();
	}

	private static PlatformPorts ports(boolean random, Map<String, String> environment, List<String> choices) {
		PlatformPorts ports = (random ? PlatformPorts.random() : PlatformPorts.defaults()).with(environment);
		for (String choice : choices) {
			String[] pair = choice.split("=", 2);
			if (pair.length < 2) {
				throw new PartFailedException("--port takes NAME=NUMBER, not " + choice);
			}
			ports = ports.with(pair[0], PlatformPorts.parse("--port " + pair[0], pair[1]));
		}
		return ports;
	}

	private static List<PartName> parts(List<PartName> only, List<PartName> without) {
		List<PartName> parts = PartName.ALL.stream()
			.filter((part) -> (only.isEmpty() || only.contains(part)) && !without.contains(part))
			.toList();
		if (parts.isEmpty()) {
			throw new PartFailedException("There are no parts to start; see ./run-local --help");
		}
		return parts;
	}

	/** Describes how the JVMs compile, and the option that changes it. */
	static String compilation(boolean tuned, int processors) {
		String choice = tuned ? "long runs (%d processors; use --quick-start for a faster start)"
				: "a fast start (%d processors; use --tuned for long runs)";
		return "The JVMs optimise for " + choice.formatted(processors);
	}

	static String welcome(Platform platform, Duration took) {
		PlatformConfiguration configuration = platform.configuration();
		List<PartName> services = PartName.SERVICES.stream().filter(configuration::has).toList();
		StringBuilder text = new StringBuilder();
		text.append(String.format(Locale.ROOT, "%nSagamart is ready after %.1f s.%n%n", took.toMillis() / 1000.0));
		if (configuration.has(PartName.EDGE)) {
			text.append("  Shop API    ").append(platform.url(PartName.EDGE)).append("/api/v1/products\n");
		}
		list(text, "Health", services, (service) -> platform.managementUrl(service) + "/actuator/health");
		if (services.equals(PartName.SERVICES)) {
			text.append("\n  Accounts    alice@sagamart.example  alice-demo-password  (customer)\n");
			text.append("              bob@sagamart.example    bob-demo-password    (customer)\n");
			text.append("              admin@sagamart.example  admin-demo-password  (administrator)\n");
		}
		else {
			list(text, "Left out", PartName.SERVICES.stream().filter((service) -> !configuration.has(service)).toList(),
					(service) -> service + ", run it with --spring.config.import=file:"
							+ configuration.settings(service));
		}
		text.append("\n  Logs        ").append(configuration.home().resolve("log")).append("/NAME.log\n");
		text.append("  Ctrl-C stops everything; the data is kept (start with --fresh to begin empty).");
		return text.toString();
	}

	private static void list(StringBuilder text, String label, List<PartName> services,
			Function<PartName, String> line) {
		String begin = label;
		for (PartName service : services) {
			text.append(String.format(Locale.ROOT, "  %-12s%s%n", begin, line.apply(service)));
			begin = "";
		}
	}

}
