package dev.sagamart.local;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/** Something that runs as one process of this machine: a server or a service. */
public abstract class Part {

	private static final Duration POLL = Duration.ofMillis(50);

	private final String name;

	private final Place place;

	private volatile ChildProcess process = ChildProcess.NONE;

	protected Part(String name, Place place) {
		this.name = name;
		this.place = place;
	}

	/** The name, as in the pid and log files: {@code postgres}. */
	public final String name() {
		return this.name;
	}

	public final Place place() {
		return this.place;
	}

	public final int port() {
		return this.place.port();
	}

	/**
	 * Starts the process and returns at once.
	 * @throws IllegalStateException if it runs already
	 * @throws PartFailedException if it cannot be started
	 */
	public final synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException(this.name + " runs already, as process " + pid());
		}
		try {
			this.process = launch();
		}
		catch (UncheckedIOException ex) {
			throw new PartFailedException("Cannot start " + this.name + ": " + ex.getCause(), ex);
		}
	}

	/** Starts the process and waits until it {@link #isReady() is ready}. */
	public final void start(Duration atMost) {
		start();
		awaitReady(atMost);
	}

	/**
	 * Waits until the part answers.
	 * @throws PartFailedException if its process ends first, or the time does
	 */
	public final void awaitReady(Duration atMost) {
		Instant end = Instant.now().plus(atMost);
		while (!isReady()) {
			ChildProcess current = this.process;
			if (!current.isAlive()) {
				throw new PartFailedException(this.name + " ended before it was ready (exit code " + current.exitCode()
						+ "), see " + this.place.log());
			}
			if (Instant.now().isAfter(end)) {
				throw new PartFailedException(
						this.name + " was not ready after " + atMost.toSeconds() + " s, see " + this.place.log());
			}
			pause(POLL);
		}
	}

	/** Ends the process gracefully, by force after the time given. */
	public final synchronized void stop(Duration atMost) {
		this.process.stop(stopSignal(), atMost);
	}

	/** {@code kill -9}, and waits until the process is gone. */
	public final synchronized void kill() {
		this.process.kill();
	}

	/** Sends a signal by its name: {@code STOP} hangs the part, {@code CONT} wakes it. */
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

	/** The process id, or -1 when it does not run. */
	public final long pid() {
		return this.process.pid();
	}

	/** Whether it answers right now. */
	public abstract boolean isReady();

	/** Starts the process, with everything that it needs before. */
	protected abstract ChildProcess launch();

	/** The signal for a graceful end. */
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
