package dev.sagamart.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Restarts a part when it ends unexpectedly: at once the first time, then with
 * exponential backoff while it keeps failing.
 */
final class Supervisor {

	private final Part part;

	private final Backoff backoff;

	private final Duration timeout;

	private final Consumer<String> console;

	private volatile boolean stopped;

	/**
	 * @param timeout how long the part may take until it is ready again; after that, it
	 * is reported and left running
	 */
	Supervisor(Part part, Backoff backoff, Duration timeout, Consumer<String> console) {
		this.part = part;
		this.backoff = backoff;
		this.timeout = timeout;
		this.console = console;
	}

	Supervisor start() {
		Thread.ofVirtual().name("supervisor-" + this.part.name()).start(this::watch);
		return this;
	}

	/** Stops watching; the part is not started again after this returns. */
	void stop() {
		// A part holds its own lock while it starts.
		synchronized (this.part) {
			this.stopped = true;
		}
	}

	private void watch() {
		int failures = 0;
		Instant started = Instant.now();
		try {
			while (!this.stopped) {
				int exitCode = this.part.awaitEnd();
				if (this.stopped) {
					return;
				}
				if (Duration.between(started, Instant.now()).compareTo(this.backoff.reset()) > 0) {
					failures = 0;
				}
				Duration pause = this.backoff.delayAfter(failures);
				this.console.accept(this.part.name() + " ended unexpectedly (exit code " + exitCode + ", log: "
						+ this.part.place().log() + "); it restarts "
						+ (pause.isZero() ? "now" : "in " + pause.toMillis() / 1000.0 + " s, after " + failures
								+ ((failures == 1) ? " failure" : " failures") + " in a row"));
				failures++;
				Thread.sleep(pause);
				started = Instant.now();
				startAgain(started);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void startAgain(Instant started) {
		try {
			synchronized (this.part) {
				if (this.stopped) {
					return;
				}
				this.part.start();
			}
			this.part.awaitReady(this.timeout);
			this.console.accept(String.format(Locale.ROOT, "%s is ready again after %.1f s", this.part.name(),
					Duration.between(started, Instant.now()).toMillis() / 1000.0));
		}
		catch (PartFailedException ex) {
			if (!this.stopped) {
				this.console.accept(ex.getMessage());
			}
		}
	}

	/**
	 * The exponential backoff before restarts.
	 *
	 * @param initial the pause after the second failure in a row; it doubles after each
	 * failure
	 * @param max the longest pause
	 * @param reset a part that ran longer than this has no failures any more
	 */
	record Backoff(Duration initial, Duration max, Duration reset) {

		static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30),
				Duration.ofMinutes(1));

		Duration delayAfter(int failures) {
			if (failures == 0) {
				return Duration.ZERO;
			}
			Duration pause = this.initial.multipliedBy(1L << Math.min(failures - 1, 20));
			return (pause.compareTo(this.max) < 0) ? pause : this.max;
		}

	}

}
