package dev.sagamart.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a platform is to run.
 *
 * @param root the repository, whose modules are built
 * @param parts what is started, in the order of {@link PartName#ALL}
 * @param home where data, logs and pid files go
 * @param ports where it listens
 * @param fresh whether to throw away the data of earlier runs
 * @param supervised whether a part that ends by itself is started again
 * @param aotCache whether services start from a cache of loaded classes, which is made in
 * the background when it is missing
 * @param tuned whether the JVMs compile for hours of load, which takes the processors for
 * minutes first; else they compile quickly, and stay with that
 * @param profiles the Spring profiles of the services
 * @param environment variables added or replaced, by part
 * @param say takes the lines that the user shall see
 */
public record PlatformConfiguration(Path root, List<PartName> parts, Path home, PlatformPorts ports, boolean fresh,
		boolean supervised, boolean aotCache, boolean tuned, String profiles,
		Map<PartName, Map<String, String>> environment, Consumer<String> say) {

	/** Up to so many processors, a start and the first minutes are worth more. */
	private static final int FEW_PROCESSORS = 2;

	public PlatformConfiguration {
		root = root.toAbsolutePath().normalize();
		parts = List.copyOf(parts);
		home = home.toAbsolutePath().normalize();
		environment = Map.copyOf(environment);
	}

	/** For tests: beside any other platform, in a directory of its own, unsupervised. */
	public static PlatformConfiguration forTests(Path root, Path home) {
		return new PlatformConfiguration(root, PartName.ALL, home, PlatformPorts.random(), false, false, false,
				isTunedFor(Runtime.getRuntime().availableProcessors()), "local,demo", Map.of(), (line) -> {
				});
	}

	public PlatformConfiguration withParts(List<PartName> value) {
		return new PlatformConfiguration(this.root, value, this.home, this.ports, this.fresh, this.supervised,
				this.aotCache, this.tuned, this.profiles, this.environment, this.say);
	}

	public PlatformConfiguration withPorts(PlatformPorts value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, value, this.fresh, this.supervised,
				this.aotCache, this.tuned, this.profiles, this.environment, this.say);
	}

	public PlatformConfiguration withFresh(boolean value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, value, this.supervised,
				this.aotCache, this.tuned, this.profiles, this.environment, this.say);
	}

	public PlatformConfiguration withSupervised(boolean value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, this.fresh, value, this.aotCache,
				this.tuned, this.profiles, this.environment, this.say);
	}

	public PlatformConfiguration withAotCache(boolean value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, this.fresh, this.supervised,
				value, this.tuned, this.profiles, this.environment, this.say);
	}

	public PlatformConfiguration withProfiles(String value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, this.fresh, this.supervised,
				this.aotCache, this.tuned, value, this.environment, this.say);
	}

	/** Adds a variable to the environment of one part. */
	public PlatformConfiguration withEnvironment(PartName part, String name, String value) {
		Map<PartName, Map<String, String>> all = new HashMap<>(this.environment);
		Map<String, String> ofPart = new HashMap<>(all.getOrDefault(part, Map.of()));
		ofPart.put(name, value);
		all.put(part, Map.copyOf(ofPart));
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, this.fresh, this.supervised,
				this.aotCache, this.tuned, this.profiles, all, this.say);
	}

	public PlatformConfiguration withSay(Consumer<String> value) {
		return new PlatformConfiguration(this.root, this.parts, this.home, this.ports, this.fresh, this.supervised,
				this.aotCache, this.tuned, this.profiles, this.environment, value);
	}

	/** What is chosen when nobody says otherwise. */
	static boolean isTunedFor(int processors) {
		return processors > FEW_PROCESSORS;
	}

	/**
	 * The options of every JVM that decide how it compiles. C2, without them, takes a
	 * third of all processor time in the first five minutes on two processors (README,
	 * figures).
	 */
	List<String> compilation() {
		return this.tuned ? List.of() : List.of("-XX:TieredStopAtLevel=1");
	}

	/** Whether the profile {@code tls} is among the profiles of the services. */
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

	/** What a service is told that is started by other means than this platform. */
	Path settings(PartName service) {
		return run().resolve(service.text() + ".properties");
	}

	Place place(PartName part) {
		return Place.under(this.home, part.text(), this.ports.of(part));
	}

}
