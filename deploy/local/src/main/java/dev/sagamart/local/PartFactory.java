package dev.sagamart.local;

import java.io.IOException;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Creates the parts of a platform. */
record PartFactory(PlatformConfiguration configuration, Secrets secrets, AotCache aotCache) {

	private static final String LOOPBACK = "127.0.0.1";

	/**
	 * TrimNativeHeapInterval returns unused native memory to the system. MetaspaceSize
	 * avoids garbage collections while classes are loaded. The native-access options
	 * allow what Netty and Protobuf do, so that the JVM does not warn.
	 */
	private static final List<String> OPTIONS = List.of("-Xss512k", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders",
			"-XX:ReservedCodeCacheSize=96m", "-XX:MetaspaceSize=160m", "-XX:TrimNativeHeapInterval=10000",
			"-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
			"--sun-misc-unsafe-memory-access=allow", "-Dfile.encoding=UTF-8");

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

	Part create(PartName name) {
		Place place = this.configuration.place(name);
		if (name.equals(PartName.POSTGRES)) {
			return new PostgresServer(place, this.secrets.superuserPassword(), true);
		}
		if (name.equals(PartName.KAFKA)) {
			return new KafkaServer(place, kafkaOptions());
		}
		if (name.equals(PartName.REDIS)) {
			return new RedisServer(place);
		}
		return name.isService() ? service(name, place) : standIn(name, place);
	}

	private List<String> kafkaOptions() {
		List<String> options = new ArrayList<>(this.configuration.compilation());
		if (this.configuration.aotCache()) {
			Path directory = this.configuration.home().resolve("aot");
			// Without the directory, the broker starts without an archive.
			boolean _ = directory.toFile().mkdirs();
			options.addAll(
					List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + directory.resolve("kafka.jsa")));
		}
		return options;
	}

	private Part standIn(PartName name, Place place) {
		Map<String, String> environment = new HashMap<>();
		environment.put("HOST", LOOPBACK);
		environment.put("PORT", Integer.toString(place.port()));
		environment.put("DATA_DIR", place.data().toString());
		environment.putAll(resolved(Objects.requireNonNull(Declaration.current().standIns().get(name.text())).local()));
		if (this.configuration.tls()) {
			environment.put("WEBHOOK_CA", this.configuration.certificates(PartName.EDGE).resolve("ca.crt").toString());
		}
		environment.putAll(this.configuration.environment().getOrDefault(name, Map.of()));
		return new ProgramPart(place, () -> {
			Path jar = ServiceJar.built(this.configuration.root().resolve("deploy").resolve(name.text()));
			List<String> command = Jvm.command(place);
			command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC"));
			command.addAll(this.configuration.compilation());
			command.addAll(List.of("-jar", jar.toString()));
			return command;
		}, environment, answers("http://" + LOOPBACK + ":" + place.port() + "/health"));
	}

	private Part service(PartName name, Place place) {
		Map<String, String> environment = environment(name);
		String readiness = "http://" + LOOPBACK + ":" + this.configuration.ports().of(name.management())
				+ "/actuator/health/readiness";
		return new ProgramPart(place, () -> command(name, place, environment), environment, answers(readiness));
	}

	/**
	 * Writes the settings and secrets of each service that this platform does not start
	 * to a file that Spring Boot can import, for instance when an IDE starts the service.
	 * Deletes the files of the other services.
	 */
	void writeSettings() throws IOException {
		for (PartName name : PartName.SERVICES) {
			Path file = this.configuration.settings(name);
			Files.deleteIfExists(file);
			if (!this.configuration.has(name)) {
				Properties settings = new Properties();
				environment(name).forEach((variable, value) -> settings.put(property(variable), value));
				Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
				try (Writer writer = Files.newBufferedWriter(file)) {
					settings.store(writer, "Written by ./run-local for " + name + ", which it does not start");
				}
			}
		}
	}

	/**
	 * Converts an environment variable to the name that Spring Boot expects in a file.
	 * Variables that are used in placeholders keep their names.
	 */
	static String property(String variable) {
		return variable.matches("(SERVER|MANAGEMENT|SPRING|SAGAMART)_.*")
				? variable.toLowerCase(Locale.ROOT).replace('_', '.') : variable;
	}

	private List<String> command(PartName name, Place place, Map<String, String> environment) throws IOException {
		ServiceJar jar = ServiceJar.unpacked(ServiceJar.built(this.configuration.root().resolve(name.text())),
				this.configuration.home().resolve("app").resolve(name.text()));
		List<String> options = Stream
			.of(List
				.of(Objects.requireNonNull(Declaration.current().services().get(name.text())).heap().split(" ", -1)),
					OPTIONS, this.configuration.compilation())
			.flatMap(List::stream)
			.toList();
		List<String> command = Jvm.command(place);
		command.addAll(options);
		if (this.configuration.aotCache()) {
			command.addAll(this.aotCache.options(name.text(), jar, options, environment));
		}
		command.addAll(List.of("-jar", jar.file().toString()));
		return command;
	}

	/** The environment of a service, with only its own secrets. */
	private Map<String, String> environment(PartName name) {
		PlatformPorts ports = this.configuration.ports();
		Declaration.Service service = Objects.requireNonNull(Declaration.current().services().get(name.text()));
		String scheme = this.configuration.scheme();
		Map<String, String> environment = new HashMap<>();
		if (this.configuration.tls()) {
			environment.put("TLS_DIRECTORY", this.configuration.certificates(name).toString());
		}
		environment.put("SPRING_PROFILES_ACTIVE", this.configuration.profiles());
		environment.put("SERVER_ADDRESS", LOOPBACK);
		environment.put("SERVER_PORT", Integer.toString(ports.of(name)));
		environment.put("MANAGEMENT_SERVER_ADDRESS", LOOPBACK);
		environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(ports.of(name.management())));
		environment.put("POSTGRES_ADDRESS", LOOPBACK + ":" + ports.of(PartName.POSTGRES));
		environment.put("POSTGRES_PASSWORD", this.secrets.password(service.schema()));
		environment.put("KAFKA_BOOTSTRAP_SERVERS", LOOPBACK + ":" + ports.of(PartName.KAFKA));
		environment.put("REDIS_ADDRESS", LOOPBACK + ":" + ports.of(PartName.REDIS));
		environment.putAll(addressesOfServices());
		environment.put("JWKS_URI",
				scheme + "://" + LOOPBACK + ":" + ports.of(Declaration.current().identity()) + "/oauth2/jwks");
		environment.put("TOKEN_ISSUER", scheme + "://localhost:" + ports.of(PartName.EDGE));
		if (service.grpc() != null) {
			environment.put("SPRING_GRPC_SERVER_HOST", LOOPBACK);
			environment.put("SPRING_GRPC_SERVER_PORT", Integer.toString(ports.of(PlatformPorts.grpc(name.text()))));
		}
		service.secrets()
			.stream()
			.filter((variable) -> !Objects.requireNonNull(Declaration.current().secrets().get(variable)).optional())
			.forEach((variable) -> environment.put(variable, this.secrets.of(variable)));
		environment.put("SAGAMART_FLAGS_FILE", this.configuration.root().resolve("deploy/flags.json").toString());
		environment.putAll(resolved(service.local()));
		environment.putAll(this.configuration.environment().getOrDefault(name, Map.of()));
		return environment;
	}

	private Map<String, String> addressesOfServices() {
		PlatformPorts ports = this.configuration.ports();
		Map<String, String> addresses = new HashMap<>();
		Declaration.current().services().forEach((name, service) -> {
			if (!name.equals(Declaration.current().edge())) {
				addresses.put(Declaration.variable(name) + "_URL",
						this.configuration.scheme() + "://" + LOOPBACK + ":" + ports.of(name));
			}
			if (service.grpc() != null) {
				addresses.put(Declaration.grpcVariable(name), LOOPBACK + ":" + ports.of(PlatformPorts.grpc(name)));
			}
		});
		return addresses;
	}

	/** Replaces the placeholders by addresses, secrets and the scheme. */
	private Map<String, String> resolved(Map<String, String> variables) {
		return Declaration.replacePlaceholders(variables,
				(word) -> word.equals("scheme") ? this.configuration.scheme()
						: Declaration.current().secrets().containsKey(word) ? this.secrets.of(word)
								: LOOPBACK + ":" + this.configuration.ports().of(word));
	}

	static BooleanSupplier answers(String url) {
		return () -> {
			try {
				HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
				connection.setConnectTimeout(1000);
				connection.setReadTimeout(2000);
				int status = connection.getResponseCode();
				connection.disconnect();
				return status == HttpURLConnection.HTTP_OK;
			}
			catch (IOException ex) {
				return false;
			}
		};
	}

}
