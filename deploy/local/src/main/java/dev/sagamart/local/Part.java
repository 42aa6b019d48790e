package dev.sagamart.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;

/**
 * A part of the platform that is a process of this machine: a server or a service. It has
 * a session of its own. Ctrl-C in the terminal then reaches only the launcher, which
 * stops the parts in order.
 */
public abstract class Part {

	private static final Duration POLL = Duration.ofMillis(50);

	private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

	private final Place place;

	private volatile @Nullable Process process;

	protected Part(Place place) {
		this.place = place;
	}

	/** The name, as in the pid and log files: {@code postgres}. */
	public final String name() {
		return this.place.name();
	}

	public final Place place() {
		return this.place;
	}

	public final int port() {
		return this.place.port();
	}

	/**
	 * Starts the process and returns at once.
	 * @throws IllegalStateException if it is already running
	 * @throws PartFailedException if it cannot be started
	 */
	public final synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException(name() + " is already running as process " + pid());
		}
		try {
			this.process = launch();
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot start " + name() + ": " + ex, ex);
		}
	}

	private Process launch() throws IOException {
		Files.createDirectories(this.place.data());
		Files.createDirectories(this.place.log().toAbsolutePath().getParent());
		Files.createDirectories(this.place.pid().toAbsolutePath().getParent());
		List<String> command = new ArrayList<>(SystemCommand.OWN_SESSION);
		command.addAll(command());
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.place.data().toFile())
			.redirectInput(new File("/dev/null"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.place.log().toFile()));
		builder.environment().putAll(environment());
		Process started = builder.start();
		try {
			Files.writeString(this.place.pid(), started.pid() + "\n");
		}
		catch (IOException ex) {
			// Without a pid file, nobody could find and stop the process later.
			started.destroyForcibly();
			throw ex;
		}
		return started;
	}

	public final void start(Duration timeout) {
		start();
		awaitReady(timeout);
	}

	/**
	 * Waits until the part {@link #isReady() is ready}.
	 * @throws PartFailedException if its process ends first, or the time is over
	 */
	public final void awaitReady(Duration timeout) {
		Instant end = Instant.now().plus(timeout);
		while (!isReady()) {
			if (!isAlive()) {
				throw new PartFailedException(
						name() + " ended before it was ready (exit code " + exitCode() + "), see " + this.place.log());
			}
			if (Instant.now().isAfter(end)) {
				throw new PartFailedException(
						name() + " was not ready after " + timeout.toSeconds() + " s, see " + this.place.log());
			}
			pause(POLL);
		}
	}

	/** Stops the process gracefully, by force after the given time. */
	public final synchronized void stop(Duration timeout) {
		signal(stopSignal());
		awaitEnd(timeout);
		kill();
	}

	/** Kills the process as {@code kill -9} does and waits until it is gone. */
	public final synchronized void kill() {
		Process current = this.process;
		if (current != null) {
			current.destroyForcibly();
			awaitEnd(KILL_TIMEOUT);
			Uncheck.run(() -> Files.deleteIfExists(this.place.pid()));
		}
	}

	/** Kills the process and those that it has started. */
	final void killAll() {
		Process current = this.process;
		if (current != null) {
			current.descendants().forEach(ProcessHandle::destroyForcibly);
			kill();
		}
	}

	/** Sends a signal: {@code STOP} suspends the process, {@code CONT} resumes it. */
	public final void signal(String signal) {
		if (isAlive()) {
			SystemCommand.send(signal, pid());
		}
	}

	/**
	 * Waits until the process ends.
	 * @return its exit code, with 128 added to the signal that ended it
	 */
	public final int awaitEnd() throws InterruptedException {
		Process current = this.process;
		return (current != null) ? current.waitFor() : 0;
	}

	/** Returns whether the process ended within the time. */
	final boolean awaitEnd(Duration timeout) {
		Process current = this.process;
		try {
			return current == null || current.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** The exit code of the ended process, or 0 if none was started. */
	final int exitCode() {
		Process current = this.process;
		return (current != null) ? current.exitValue() : 0;
	}

	public final boolean isAlive() {
		Process current = this.process;
		return current != null && current.isAlive();
	}

	/** The process id, or -1 if it is not running. */
	public final long pid() {
		Process current = this.process;
		return (current != null && current.isAlive()) ? current.pid() : -1;
	}

	/** Whether the part answers requests now. */
	public abstract boolean isReady();

	/** Prepares the files that the program needs and returns its command. */
	protected abstract List<String> command() throws IOException;

	/** The environment variables that the process has besides our own. */
	protected Map<String, String> environment() {
		return Map.of();
	}

	/** The signal for a graceful shutdown. */
	protected String stopSignal() {
		return "TERM";
	}

	static void pause(Duration duration) {
		try {
			Thread.sleep(duration);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PartFailedException("Interrupted", ex);
		}
	}

}
