package dev.sagamart.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** A part of the platform that is a process of this machine: a server or a service. */
public abstract class Part {

	private static final Duration POLL = Duration.ofMillis(50);

	private final Place place;

	private volatile ChildProcess process = ChildProcess.NONE;

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
			ChildProcess current = this.process;
			if (!current.isAlive()) {
				throw new PartFailedException(name() + " ended before it was ready (exit code " + current.exitCode()
						+ "), see " + this.place.log());
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
		this.process.stop(stopSignal(), timeout);
	}

	/** Kills the process as {@code kill -9} does and waits until it is gone. */
	public final synchronized void kill() {
		this.process.kill();
	}

	/** Sends a signal: {@code STOP} suspends the process, {@code CONT} resumes it. */
	public final void signal(String signal) {
		this.process.signal(signal);
	}

	/**
	 * Waits until the process ends.
	 * @return its exit code, with 128 added to the signal that ended it
	 */
	public final int awaitEnd() throws InterruptedException {
		return this.process.awaitEnd();
	}

	public final boolean isAlive() {
		return this.process.isAlive();
	}

	public final long pid() {
		return this.process.pid();
	}

	/** Whether the part answers requests now. */
	public abstract boolean isReady();

	/** Prepares and starts the process. */
	protected abstract ChildProcess launch() throws IOException;

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
