package dev.sagamart.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The configuration of a platform.
 *
 * @param root the repository, whose modules are built
 * @param parts the parts to start, in the order of {@link PartName#ALL}
 * @param home the directory of data, logs and pid files
 * @param ports the ports that it listens on
 * @param fresh whether to delete the data of earlier runs
 * @param supervised whether a part that ends unexpectedly is started again
 * @param aotCache whether services start with an ahead-of-time cache; a missing one is
 * created in the background
 * @param tuned whether the JVMs use the C2 compiler: faster code after some minutes, but
 * much CPU time until then
 * @param profiles the Spring profiles of the services
 * @param environment environment variables to add or replace, by part
 * @param console receives the messages for the user, line by line
 */
public record PlatformConfiguration(Path root, List<PartName> parts, Path home, PlatformPorts ports, boolean fresh,
		boolean supervised, boolean aotCache, boolean tuned, String profiles,
		Map<PartName, Map<String, String>> environment, Consumer<String> console) {

	/** With so few processors, a fast start is worth more than faster code. */
	private static final int FEW_PROCESSORS = 2;

	public PlatformConfiguration {
		root = root.toAbsolutePath().normalize();
		parts = List.copyOf(parts);
		home = home.toAbsolutePath().normalize();
		environment = Map.copyOf(environment);
	}

	/** For tests: starts empty on random ports, and restarts parts that end. */
	public static PlatformConfiguration forTests(Path root, Path home, Map<PartName, Map<String, String>> environment,
			Consumer<String> console) {
		return new PlatformConfiguration(root, PartName.ALL, home, PlatformPorts.random(), true, true, false,
				isTunedFor(Runtime.getRuntime().availableProcessors()), "local,demo", environment, console);
	}

	/** The default of {@link #tuned}. */
	static boolean isTunedFor(int processors) {
		return processors > FEW_PROCESSORS;
	}

	/**
	 * The compiler options of every JVM. On two processors, C2 takes a third of all CPU
	 * time in the first five minutes (docs/figures.md).
	 */
	List<String> compilation() {
		return this.tuned ? List.of() : List.of("-XX:TieredStopAtLevel=1");
	}

	boolean tls() {
		return List.of(this.profiles.split(",")).contains("tls");
	}

	String scheme() {
		return tls() ? "https" : "http";
	}

	boolean has(PartName part) {
		return this.parts.contains(part);
	}

	Path data() {
		return this.home.resolve("data");
	}

	Path run() {
		return this.home.resolve("run");
	}

	/** The certificates of a service with profile {@code tls}. */
	Path certificates(PartName service) {
		return data().resolve("tls").resolve(service.text());
	}

	/** The settings for a service that is started outside of this platform. */
	Path settings(PartName service) {
		return run().resolve(service.text() + ".properties");
	}

	Place place(PartName part) {
		return Place.under(this.home, part.text(), this.ports.of(part));
	}

}
