package dev.sagamart.local;

import java.net.URI;
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
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.function.Uncheck;

/**
 * The whole platform: PostgreSQL, Kafka, Redis, stand-ins and services, each a process.
 * {@link #start} starts all parts, {@link #close} stops them in order. In between, single
 * parts may be killed, suspended, stopped and started. Thread-safe.
 */
public final class Platform implements AutoCloseable {

	public static final Duration START_TIMEOUT = Duration.ofMinutes(10);

	private static final Duration GRACE = Duration.ofSeconds(20);

	private final PlatformConfiguration configuration;

	private final InstanceLock lock;

	private final Secrets secrets;

	private final AotCache aotCache;

	private final Map<PartName, Part> parts = new ConcurrentHashMap<>();

	private final Map<PartName, Supervisor> supervisors = new HashMap<>();

	private volatile boolean stopping;

	private Platform(PlatformConfiguration configuration, InstanceLock lock) {
		this.configuration = configuration;
		this.lock = lock;
		this.secrets = Secrets.loadOrCreate(configuration.data());
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
			platform.close();
			throw ex;
		}
	}

	/** Prepares the start, up to the first process. */
	static Platform prepare(PlatformConfiguration configuration) {
		InstanceLock lock = InstanceLock.take(configuration.run().resolve("lock"));
		try {
			List<String> orphans = Orphans.reap(configuration.run(), configuration.home());
			if (!orphans.isEmpty()) {
				configuration.console().accept("Stopped processes of an earlier run: " + String.join(", ", orphans));
			}
			configuration.ports().check(configuration.parts());
			if (configuration.fresh()) {
				Uncheck.accept(FileUtils::deleteDirectory, configuration.data().toFile());
			}
			return new Platform(configuration, lock);
		}
		catch (RuntimeException ex) {
			lock.close();
			throw ex;
		}
	}

	void startAll() {
		new LogFiles(this.configuration.home().resolve("log"), LogFiles.LIMIT).keepSmallUntil(this::isStopping);
		if (this.configuration.tls()) {
			makeCertificates(this.configuration);
		}
		PartFactory factory = new PartFactory(this.configuration, this.secrets, this.aotCache);
		Uncheck.run(factory::writeSettings);
		this.configuration.parts().forEach((name) -> this.parts.put(name, factory.create(name)));
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

	static void makeCertificates(PlatformConfiguration configuration) {
		Path script = configuration.root().resolve("deploy/tls/make-certificates");
		SystemCommand.run(script + " (it needs openssl)",
				new ProcessBuilder(script.toString(), configuration.data().resolve("tls").toString()));
	}

	/**
	 * Stops all parts, the services first. A second call does nothing.
	 */
	@Override
	public synchronized void close() {
		this.stopping = true;
		this.aotCache.stop();
		for (PartName name : PartName.ALL) {
			stopSupervising(name);
		}
		stopInParallel(List.of(PartName.EDGE));
		stopInParallel(PartName.SERVICES);
		List<PartName> servers = new ArrayList<>(PartName.STAND_INS);
		Collections.addAll(servers, PartName.REDIS, PartName.KAFKA);
		stopInParallel(servers);
		stopInParallel(List.of(PartName.POSTGRES));
		this.lock.close();
	}

	/**
	 * A part, for instance to kill or suspend it. If the platform is supervised, a killed
	 * part starts again by itself, else with {@link #start(PartName)}.
	 * @throws IllegalStateException if it was never started
	 */
	public Part part(PartName name) {
		Part part = this.parts.get(name);
		if (part == null) {
			throw new IllegalStateException(name.text() + " was never started");
		}
		return part;
	}

	/** Stops a part gracefully; only {@link #start(PartName)} starts it again. */
	public void stop(PartName name) {
		stopSupervising(name);
		part(name).stop(GRACE);
	}

	/** Starts a stopped part and waits until it is ready. */
	public void start(PartName name) {
		stopSupervising(name);
		part(name).start(START_TIMEOUT);
		if (this.configuration.supervised()) {
			supervise(name);
		}
	}

	/** The URL of a service or stand-in: {@code http://localhost:8080}. */
	public URI url(PartName name) {
		String scheme = name.isService() ? this.configuration.scheme() : "http";
		return URI.create(scheme + "://localhost:" + this.configuration.ports().of(name));
	}

	public URI managementUrl(PartName name) {
		return URI.create("http://localhost:" + this.configuration.ports().of(name.management()));
	}

	public PlatformConfiguration configuration() {
		return this.configuration;
	}

	boolean isStopping() {
		return this.stopping;
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
			postgres.createSchemas(PostgresServer.DATABASE, this.secrets.passwords());
		}
		this.configuration.console()
			.accept(String.format(Locale.ROOT, "  %-18s :%-6d %5.1f s", name.text(), part.port(),
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

	private void stopInParallel(List<PartName> names) {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			names.stream()
				.map(this.parts::get)
				.filter(Objects::nonNull)
				.forEach((part) -> executor.execute(() -> part.stop(GRACE)));
		}
	}

	private void supervise(PartName name) {
		synchronized (this.supervisors) {
			if (!this.stopping) {
				this.supervisors.put(name, new Supervisor(part(name), Supervisor.Backoff.DEFAULT, START_TIMEOUT,
						this.configuration.console())
					.start());
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

}
