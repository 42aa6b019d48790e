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
 * {@link #start} brings it up, {@link #stop} ends it in order; between the two, single
 * parts may be killed, hung, stopped and started. All methods may be called from any
 * thread.
 */
public final class Platform implements AutoCloseable {

	/** How long a part may take to be ready. */
	public static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Duration SERVICE_GRACE = Duration.ofSeconds(20);

	private static final Duration SERVER_GRACE = Duration.ofSeconds(20);

	private final PlatformConfiguration configuration;

	private final Consumer<String> say;

	private final InstanceLock lock;

	private final AotCache aotCache;

	private final Map<PartName, Part> parts = new ConcurrentHashMap<>();

	private final Map<PartName, Supervisor> supervisors = new HashMap<>();

	private volatile boolean stopping;

	private Platform(PlatformConfiguration configuration, InstanceLock lock) {
		this.configuration = configuration;
		this.say = configuration.say();
		this.lock = lock;
		this.aotCache = new AotCache(configuration.home().resolve("aot"));
	}

	/**
	 * Starts everything and waits until all of it is ready. What a killed run left over
	 * is ended first.
	 * @throws PartFailedException if it runs already, a port is taken, or a part does not
	 * come up; nothing is left running then
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

	/** Everything up to the first process: lock, orphans, ports. */
	static Platform prepare(PlatformConfiguration configuration) {
		InstanceLock lock = InstanceLock.take(configuration.run().resolve("lock"));
		try {
			List<String> orphans = Orphans.reap(configuration.run(), configuration.home());
			if (!orphans.isEmpty()) {
				configuration.say().accept("Ended what an earlier run left behind: " + String.join(", ", orphans));
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
		Secrets secrets = Secrets.in(this.configuration.data());
		if (this.configuration.tls()) {
			Certificates.make(this.configuration);
		}
		Services services = new Services(this.configuration, secrets, this.aotCache);
		services.writeSettings();
		this.configuration.parts().forEach((name) -> this.parts.put(name, made(name, services, secrets)));
		together(this.configuration.parts().stream().filter((name) -> !name.isService()).toList());
		together(this.configuration.parts().stream().filter(PartName::isService).toList());
		if (this.configuration.supervised()) {
			this.configuration.parts().forEach(this::supervise);
		}
		if (this.configuration.aotCache()) {
			Path log = this.configuration.home().resolve("log").resolve("aot.log");
			Thread.ofPlatform().daemon().name("aot-cache").start(() -> this.aotCache.makeMissing(log));
		}
	}

	private Part made(PartName name, Services services, Secrets secrets) {
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
	 * Ends everything, the services first. Does nothing the second time.
	 */
	public synchronized void stop() {
		this.stopping = true;
		this.aotCache.stop();
		for (PartName name : PartName.ALL) {
			release(name);
		}
		stopTogether(SERVICE_GRACE, List.of(PartName.EDGE));
		stopTogether(SERVICE_GRACE, PartName.SERVICES);
		List<PartName> servers = new ArrayList<>(PartName.STAND_INS);
		Collections.addAll(servers, PartName.REDIS, PartName.KAFKA);
		stopTogether(SERVER_GRACE, servers);
		stopTogether(SERVER_GRACE, List.of(PartName.POSTGRES));
		this.lock.close();
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * {@code kill -9} of a part. It comes back by itself if the platform is supervised,
	 * else with {@link #start(PartName)}.
	 */
	public void kill(PartName name) {
		part(name).kill();
	}

	/** Ends a part gracefully, and leaves it so until {@link #start(PartName)}. */
	public void stop(PartName name) {
		release(name);
		part(name).stop(SERVICE_GRACE);
	}

	/** Starts a part that does not run, and waits until it is ready. */
	public void start(PartName name) {
		release(name);
		part(name).start(PATIENCE);
		if (this.configuration.supervised()) {
			supervise(name);
		}
	}

	/** {@link #stop(PartName)} and {@link #start(PartName)}. */
	public void restart(PartName name) {
		stop(name);
		start(name);
	}

	/** Hangs a part: it keeps its connections and answers nothing. */
	public void hang(PartName name) {
		part(name).signal("STOP");
	}

	/** Wakes a part after {@link #hang}. */
	public void wake(PartName name) {
		part(name).signal("CONT");
	}

	/**
	 * Waits until a part is ready, for instance after the supervisor started it again.
	 */
	public void awaitReady(PartName name, Duration atMost) {
		Instant end = Instant.now().plus(atMost);
		while (!part(name).isReady()) {
			if (Instant.now().isAfter(end)) {
				throw new PartFailedException(
						name.text() + " was not ready after " + atMost.toSeconds() + " s, see " + log(name));
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

	/** Where a service, or the simulator, is called: {@code http://localhost:8080}. */
	public URI url(PartName name) {
		String scheme = name.isService() ? this.configuration.scheme() : "http";
		return URI.create(scheme + "://localhost:" + this.configuration.ports().of(name));
	}

	/** Where a service shows its health and metrics. */
	public URI managementUrl(PartName name) {
		return URI.create("http://localhost:" + this.configuration.ports().of(name.management()));
	}

	/** What a part has written. */
	public Path log(PartName name) {
		return part(name).place().log();
	}

	public String kafkaBootstrapServers() {
		return "127.0.0.1:" + this.configuration.ports().of(PartName.KAFKA);
	}

	/** The platform's database, for the superuser {@code postgres}. */
	public String jdbcUrl() {
		return ((PostgresServer) part(PartName.POSTGRES)).jdbcUrl(PostgresServer.DATABASE);
	}

	/** The password of a database role, {@code postgres} included. */
	public String databasePassword(String role) {
		Secrets secrets = Secrets.in(this.configuration.data());
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

	private PartName bringUp(PartName name) {
		Instant begin = Instant.now();
		Part part = part(name);
		if (!this.stopping) {
			part.start();
		}
		if (this.stopping) {
			part.kill();
			throw new PartFailedException("Stopped");
		}
		part.awaitReady(PATIENCE);
		if (part instanceof PostgresServer postgres) {
			postgres.createSchemas(PostgresServer.DATABASE, Secrets.in(this.configuration.data()).passwords());
		}
		this.say.accept(String.format(Locale.ROOT, "  %-18s :%-6d %5.1f s", name.text(), part.port(),
				Duration.between(begin, Instant.now()).toMillis() / 1000.0));
		return name;
	}

	private void together(List<PartName> names) {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<PartName>> started = names.stream()
				.map((name) -> executor.submit(() -> bringUp(name)))
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

	private void stopTogether(Duration grace, List<PartName> names) {
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
						new Supervisor(part(name), Supervisor.Pauses.DEFAULT, PATIENCE, this.say).watching());
			}
		}
	}

	private void release(PartName name) {
		Supervisor supervisor;
		synchronized (this.supervisors) {
			supervisor = this.supervisors.remove(name);
		}
		if (supervisor != null) {
			supervisor.release();
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
		List<String> troubles = new ArrayList<>(ports.givenTwice());
		ports.all().entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach((port) -> {
			if (configuration.parts().stream().noneMatch((part) -> PlatformPorts.isOf(part, port.getKey()))) {
				return;
			}
			String trouble = PortOwner.trouble(port.getValue());
			if (trouble != null) {
				troubles.add("Port " + port.getValue() + " (" + port.getKey() + ") " + trouble);
			}
		});
		if (!troubles.isEmpty()) {
			throw new PartFailedException(String.join("\n", troubles)
					+ "\nChoose another port, for instance: ./run-local --port api-gateway=18080 (see --help)");
		}
	}

}
