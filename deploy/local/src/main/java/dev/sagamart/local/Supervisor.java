package dev.sagamart.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Starts a part again when it ends by itself: at once the first time, then after longer
 * and longer pauses while it keeps failing.
 */
final class Supervisor {

	private final Part part;

	private final Pauses pauses;

	private final Duration patience;

	private final Consumer<String> say;

	private final Thread thread;

	private volatile boolean released;

	/**
	 * @param patience how long the part may take until it is ready again; after that it
	 * is left alone, as long as it lives
	 */
	Supervisor(Part part, Pauses pauses, Duration patience, Consumer<String> say) {
		this.part = part;
		this.pauses = pauses;
		this.patience = patience;
		this.say = say;
		this.thread = Thread.ofPlatform().daemon().name("supervisor-" + part.name()).unstarted(this::watch);
	}

	Supervisor watching() {
		this.thread.start();
		return this;
	}

	/** Lets the part end without starting it again. */
	void release() {
		this.released = true;
		this.thread.interrupt();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void watch() {
		int failures = 0;
		Instant started = Instant.now();
		try {
			while (!this.released) {
				int exitCode = this.part.awaitEnd();
				if (this.released) {
					return;
				}
				if (Duration.between(started, Instant.now()).compareTo(this.pauses.calm()) > 0) {
					failures = 0;
				}
				Duration pause = this.pauses.after(failures);
				this.say.accept(this.part.name() + " ended unexpectedly (exit code " + exitCode + ", log: "
						+ this.part.place().log() + "); it starts again "
						+ (pause.isZero() ? "now" : "in " + pause.toMillis() / 1000.0 + " s, after " + failures
								+ ((failures == 1) ? " failure" : " failures") + " in a row"));
				failures++;
				Thread.sleep(pause);
				started = Instant.now();
				startAgain(started);
			}
		}
		catch (InterruptedException ex) {
			// Released: whoever did it stops the part.
			Thread.currentThread().interrupt();
		}
	}

	private void startAgain(Instant started) {
		try {
			this.part.start(this.patience);
			this.say.accept(String.format(Locale.ROOT, "%s is ready again after %.1f s", this.part.name(),
					Duration.between(started, Instant.now()).toMillis() / 1000.0));
		}
		catch (PartFailedException ex) {
			if (!this.released) {
				this.say.accept(ex.getMessage());
			}
		}
	}

	/**
	 * The pauses before each new start.
	 *
	 * @param first the pause after the second failure in a row; it doubles from there
	 * @param longest it never grows beyond
	 * @param calm a part that lived that long begins anew
	 */
	record Pauses(Duration first, Duration longest, Duration calm) {

		static final Pauses DEFAULT = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

		Duration after(int failures) {
			if (failures == 0) {
				return Duration.ZERO;
			}
			Duration pause = this.first.multipliedBy(1L << Math.min(failures - 1, 20));
			return (pause.compareTo(this.longest) < 0) ? pause : this.longest;
		}

	}

}
