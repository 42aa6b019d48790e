package dev.sagamart.simulator;

import java.time.Duration;

/**
 * Faults of the whole provider, to be switched while it runs. Also switched by
 * {@code POST /simulator/faults} with {@code down} and {@code delay_ms}.
 */
public final class Faults {

	private volatile boolean down;

	private volatile Duration delay = Duration.ZERO;

	private volatile Duration slowAnswer = Duration.ofSeconds(10);

	/**
	 * While down, every call is cut off without a reply and without being carried out.
	 */
	public void down(boolean down) {
		this.down = down;
	}

	/** Waits before every call is carried out. */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/** How long {@code pm_sim_slow} keeps a caller waiting, 10 s by default. */
	public void slowAnswer(Duration slowAnswer) {
		this.slowAnswer = slowAnswer;
	}

	boolean isDown() {
		return this.down;
	}

	Duration delay() {
		return this.delay;
	}

	Duration slowAnswer() {
		return this.slowAnswer;
	}

}
