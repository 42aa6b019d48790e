package dev.sagamart.simulator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Faults of the whole provider, to be switched while it runs. Also switched by
 * {@code POST /simulator/faults} with {@code down}, {@code delay_ms} and
 * {@code key_revoked}.
 */
public final class Faults {

	private volatile boolean down;

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean keyRevoked;

	private volatile boolean otherAccount;

	private Duration slowAnswer = Duration.ofSeconds(10);

	/**
	 * While down, every call is cut off without a reply and without being carried out.
	 */
	public void down(boolean down) {
		this.down = down;
	}

	/** While revoked, no key is accepted any more. */
	public void keyRevoked(boolean keyRevoked) {
		this.keyRevoked = keyRevoked;
	}

	/**
	 * As if our key had become one of another account, which knows no payment of ours.
	 */
	public void otherAccount(boolean otherAccount) {
		this.otherAccount = otherAccount;
	}

	/** Waits before every call is carried out. */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * How long {@code pm_sim_slow} keeps a caller waiting, 10 s by default; also those
	 * that wait already.
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
