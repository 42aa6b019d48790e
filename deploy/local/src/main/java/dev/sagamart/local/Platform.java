package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The whole platform: PostgreSQL, Kafka, Redis, stand-ins and services, each a process.
 * {@link #start} starts all parts, {@link #stop} stops them in order. In between, single
 * parts may be killed, suspended, stopped and started. Thread-safe.
 */
public final class Platform implements AutoCloseable {

	public static final Duration START_TIMEOUT = Duration.ofMinutes(10);

	private static final Duration SERVICE_GRACE = Duration.ofSeconds(20);

	private static final Duration SERVER_GRACE = Duration.ofSeconds(20);

	private final PlatformConfiguration configuration;

	private final Consumer<String> console;

	private final InstanceLock lock;

	private final AotCache aotCache;

	private final Map<PartName, Part> parts = new ConcurrentHashMap<>();

	private final Map<PartName, Supervisor> supervisors = new HashMap<>();

	private volatile boolean stopping;

	private Platform(PlatformConfiguration configuration, InstanceLock lock) {
		this.configuration = configuration;
		this.console = configuration.console();
		this.lock = lock;
		this.aotCache = new AotCache(configuration.home().resolve("aot"));
	}

	/**
	 * Stops the processes that a killed run left behind, then starts all parts and waits
	 * until they are ready.
	 * @throws PartFailedException if the platform is already running, a port is in use,
	 * or a part does not become ready; then no part is left running
	 */
	public static Platform start(PlatformConfiguration configuration) {
		Platform platform = prepare(configuration);
		try {
			platform.startAll();
			return platform;
		}
		catch (RuntimeException ex) {
			platform.stop();
			throw ex;
		}
	}

	/** Acquires the lock, stops orphans and checks the ports; starts no process. */
	static Platform prepare(PlatformConfiguration configuration) {
		InstanceLock lock = InstanceLock.take(configuration.run().resolve("lock"));
		try {
			List<String> orphans = Orphans.reap(configuration.run(), configuration.home());
			if (!orphans.isEmpty()) {
				configuration.console().accept("Stopped processes of an earlier run: " + String.join(", ", orphans));
			}
			checkPorts(configuration);
			if (configuration.fresh()) {
				Binaries.delete(configuration.data());
			}
			return new Platform(configuration, lock);
		}
		catch (IOException ex) {
			lock.close();
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			lock.close();
			throw ex;
		}
	}

	void startAll() {
		new LogFiles(this.configuration.home().resolve("log"), LogFiles.LIMIT).keepSmallUntil(this::isStopping);
		Secrets secrets = Secrets.loadOrCreate(this.configuration.data());
		if (this.configuration.tls()) {
			Certificates.make(this.configuration);
		}
		Services services = new Services(this.configuration, secrets, this.aotCache);
		services.writeSettings();
		this.configuration.parts().forEach((name) -> this.parts.put(name, createPart(name, services, secrets)));
		startInParallel(this.configuration.parts().stream().filter((name) -> !name.isService()).toList());
		startInParallel(this.configuration.parts().stream().filter(PartName::isService).toList());
		if (this.configuration.supervised()) {
			this.configuration.parts().forEach(this::supervise);
		}
		if (this.configuration.aotCache()) {
			Path log = this.configuration.home().resolve("log").resolve("aot.log");
			Thread.ofPlatform().daemon().name("aot-cache").start(() -> this.aotCache.createMissing(log));
		}
	}

	private Part createPart(PartName name, Services services, Secrets secrets) {
		Place place = this.configuration.place(name);
		if (name.equals(PartName.POSTGRES)) {
			return new PostgresServer(place, secrets.superuserPassword(), true);
		}
		if (name.equals(PartName.KAFKA)) {
			return new KafkaServer(place, kafkaOptions());
		}
		if (name.equals(PartName.REDIS)) {
			return new RedisServer(place);
		}
		return name.isService() ? services.service(name) : services.standIn(name);
	}

	/**
	 * Stops all parts, the services first. A second call does nothing.
	 */
	public synchronized void stop() {
		this.stopping = true;
		this.aotCache.stop();
		for (PartName name : PartName.ALL) {
			stopSupervising(name);
		}
		stopInParallel(SERVICE_GRACE, List.of(PartName.EDGE));
		stopInParallel(SERVICE_GRACE, PartName.SERVICES);
		List<PartName> servers = new ArrayList<>(PartName.STAND_INS);
		Collections.addAll(servers, PartName.REDIS, PartName.KAFKA);
		stopInParallel(SERVER_GRACE, servers);
		stopInParallel(SERVER_GRACE, List.of(PartName.POSTGRES));
		this.lock.close();
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * Kills a part as {@code kill -9} does. If the platform is supervised, the part
	 * starts again by itself, else with {@link #start(PartName)}.
	 */
	public void kill(PartName name) {
		part(name).kill();
	}

	/** Stops a part gracefully; only {@link #start(PartName)} starts it again. */
	public void stop(PartName name) {
		stopSupervising(name);
		part(name).stop(SERVICE_GRACE);
	}

	/** Starts a stopped part and waits until it is ready. */
	public void start(PartName name) {
		stopSupervising(name);
		part(name).start(START_TIMEOUT);
		if (this.configuration.supervised()) {
			supervise(name);
		}
	}

	/** Suspends a part: it keeps its connections but answers nothing. */
	public void hang(PartName name) {
		part(name).signal("STOP");
	}

	/** Resumes a part after {@link #hang}. */
	public void wake(PartName name) {
		part(name).signal("CONT");
	}

	/**
	 * Waits until a part is ready, for instance while the supervisor restarts it.
	 */
	public void awaitReady(PartName name, Duration timeout) {
		Instant end = Instant.now().plus(timeout);
		while (!part(name).isReady()) {
			if (Instant.now().isAfter(end)) {
				throw new PartFailedException(
						name.text() + " was not ready after " + timeout.toSeconds() + " s, see " + log(name));
			}
			Part.pause(Duration.ofMillis(50));
		}
	}

	public boolean isReady(PartName name) {
		return part(name).isReady();
	}

	/** The process id of a part, or -1. */
	public long pid(PartName name) {
		return part(name).pid();
	}

	/** The URL of a service or stand-in: {@code http://localhost:8080}. */
	public URI url(PartName name) {
		String scheme = name.isService() ? this.configuration.scheme() : "http";
		return URI.create(scheme + "://localhost:" + this.configuration.ports().of(name));
	}

	public URI managementUrl(PartName name) {
		return URI.create("http://localhost:" + this.configuration.ports().of(name.management()));
	}

	public Path log(PartName name) {
		return part(name).place().log();
	}

	public String kafkaBootstrapServers() {
		return "127.0.0.1:" + this.configuration.ports().of(PartName.KAFKA);
	}

	public String jdbcUrl() {
		return ((PostgresServer) part(PartName.POSTGRES)).jdbcUrl(PostgresServer.DATABASE);
	}

	/** The password of a database role, {@code postgres} included. */
	public String databasePassword(String role) {
		Secrets secrets = Secrets.loadOrCreate(this.configuration.data());
		return role.equals("postgres") ? secrets.superuserPassword() : secrets.password(role);
	}

	public PlatformConfiguration configuration() {
		return this.configuration;
	}

	boolean isStopping() {
		return this.stopping;
	}

	private Part part(PartName name) {
		Part part = this.parts.get(name);
		if (part == null) {
			throw new IllegalStateException(name.text() + " was never started");
		}
		return part;
	}

	private PartName startPart(PartName name) {
		Instant begin = Instant.now();
		Part part = part(name);
		if (!this.stopping) {
			part.start();
		}
		if (this.stopping) {
			part.kill();
			throw new PartFailedException("Stopped");
		}
		part.awaitReady(START_TIMEOUT);
		if (part instanceof PostgresServer postgres) {
			postgres.createSchemas(PostgresServer.DATABASE,
					Secrets.loadOrCreate(this.configuration.data()).passwords());
		}
		this.console.accept(String.format(Locale.ROOT, "  %-18s :%-6d %5.1f s", name.text(), part.port(),
				Duration.between(begin, Instant.now()).toMillis() / 1000.0));
		return name;
	}

	private void startInParallel(List<PartName> names) {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<PartName>> started = names.stream()
				.map((name) -> executor.submit(() -> startPart(name)))
				.toList();
			try {
				for (Future<PartName> one : started) {
					one.get();
				}
			}
			catch (ExecutionException ex) {
				executor.shutdownNow();
				throw (ex.getCause() instanceof PartFailedException failed) ? failed
						: new PartFailedException(String.valueOf(ex.getCause()), ex);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PartFailedException("Interrupted", ex);
		}
		if (this.stopping) {
			throw new PartFailedException("Stopped");
		}
	}

	private void stopInParallel(Duration grace, List<PartName> names) {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			names.stream()
				.map(this.parts::get)
				.filter(Objects::nonNull)
				.forEach((part) -> executor.execute(() -> part.stop(grace)));
		}
	}

	private void supervise(PartName name) {
		synchronized (this.supervisors) {
			if (!this.stopping) {
				this.supervisors.put(name,
						new Supervisor(part(name), Supervisor.Backoff.DEFAULT, START_TIMEOUT, this.console).start());
			}
		}
	}

	private void stopSupervising(PartName name) {
		Supervisor supervisor;
		synchronized (this.supervisors) {
			supervisor = this.supervisors.remove(name);
		}
		if (supervisor != null) {
			supervisor.stop();
		}
	}

	private List<String> kafkaOptions() {
		List<String> options = new ArrayList<>(List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"));
		options.addAll(this.configuration.compilation());
		if (this.configuration.aotCache()) {
			Path archive = this.configuration.home().resolve("aot").resolve("kafka.jsa");
			try {
				Files.createDirectories(archive.getParent());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			options.addAll(List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive));
		}
		return options;
	}

	private static void checkPorts(PlatformConfiguration configuration) {
		PlatformPorts ports = configuration.ports();
		List<String> problems = new ArrayList<>(ports.duplicates());
		ports.all().entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach((port) -> {
			if (configuration.parts().stream().noneMatch((part) -> PlatformPorts.isOf(part, port.getKey()))) {
				return;
			}
			String problem = PortOwner.problem(port.getValue());
			if (problem != null) {
				problems.add("Port " + port.getValue() + " (" + port.getKey() + ") " + problem);
			}
		});
		if (!problems.isEmpty()) {
			throw new PartFailedException(String.join("\n", problems)
					+ "\nChoose another port, for example ./run-local --port api-gateway=18080 (see --help)");
		}
	}

}
