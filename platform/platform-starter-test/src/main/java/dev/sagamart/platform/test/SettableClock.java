package dev.sagamart.platform.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only changes when a test lets time pass. Readable by many threads. */
public final class SettableClock extends Clock {

	private volatile Instant now;

	private SettableClock(Instant now) {
		this.now = now;
	}

	public static SettableClock at(Instant instant) {
		return new SettableClock(instant);
	}

	/** Lets time pass; only one thread may call this. */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	public void pass(Duration time) {
		this.now = this.now.plus(time);
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
