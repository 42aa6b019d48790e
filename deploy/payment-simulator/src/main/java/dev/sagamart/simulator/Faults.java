package dev.sagamart.simulator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Faults of the whole provider, which can be switched while it runs, also with
 * {@code POST /simulator/faults} and the fields {@code down}, {@code delay_ms},
 * {@code key_revoked} and {@code other_account}. Thread-safe.
 */
public final class Faults {

	private volatile boolean down;

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean keyRevoked;

	private volatile boolean otherAccount;

	private Duration slowAnswer = Duration.ofSeconds(10);

	/**
	 * While down, every connection is closed without executing the call.
	 */
	public void down(boolean down) {
		this.down = down;
	}

	/** While revoked, no API key is accepted. */
	public void keyRevoked(boolean keyRevoked) {
		this.keyRevoked = keyRevoked;
	}

	/**
	 * Behaves as if our API key belonged to another account, which has none of our
	 * payments.
	 */
	public void otherAccount(boolean otherAccount) {
		this.otherAccount = otherAccount;
	}

	/** Sets a delay before every call is executed. */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Sets how long {@code pm_sim_slow} delays its reply, 10 s by default. This also
	 * applies to calls that already wait.
	 */
	public synchronized void slowAnswer(Duration slowAnswer) {
		this.slowAnswer = slowAnswer;
		notifyAll();
	}

	boolean isDown() {
		return this.down;
	}

	boolean isKeyRevoked() {
		return this.keyRevoked;
	}

	boolean isOtherAccount() {
		return this.otherAccount;
	}

	Duration delay() {
		return this.delay;
	}

	synchronized void awaitSlowAnswer() throws InterruptedException {
		long start = System.nanoTime();
		long left = this.slowAnswer.toNanos();
		while (left > 0) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
			left = this.slowAnswer.toNanos() - (System.nanoTime() - start);
		}
	}

}
