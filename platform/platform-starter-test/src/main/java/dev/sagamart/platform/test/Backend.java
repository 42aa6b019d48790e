package dev.sagamart.platform.test;

import java.time.Duration;

/** A server that a test can break: a process of this machine or a container. */
interface Backend {

	Duration PATIENCE = Duration.ofMinutes(2);

	String host();

	/** The same over every stop and start. */
	int port();

	/** Starts it and waits until it answers. */
	void start();

	/** Ends it gracefully. */
	void stop();

	/** Ends it as {@code kill -9} does. */
	void kill();

	/** Hangs it: it keeps its connections and answers nothing. */
	void hang();

	/** Wakes it after {@link #hang()}. */
	void wake();

	default String address() {
		return host() + ":" + port();
	}

}
