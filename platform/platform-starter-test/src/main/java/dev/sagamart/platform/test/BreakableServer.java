package dev.sagamart.platform.test;

/** A server of this test JVM with simulated faults. */
abstract sealed class BreakableServer permits TestPostgres, TestKafka, TestRedis {

	private final Backend backend;

	BreakableServer(Backend backend) {
		this.backend = backend;
	}

	public String host() {
		return this.backend.host().get();
	}

	/** The port, which stays the same after restarts. */
	public int port() {
		return this.backend.port();
	}

	/** {@code host:port}. */
	public String address() {
		return host() + ":" + port();
	}

	/** Stops the server gracefully; its port stays reserved. */
	public void stop() {
		this.backend.stop().run();
	}

	/** Ends the server as {@code kill -9} does. */
	public void kill() {
		this.backend.kill().run();
	}

	/**
	 * Restarts the server on the same port after {@link #stop()} or {@link #kill()} and
	 * waits until it answers. PostgreSQL and Kafka keep their data, Redis does not.
	 */
	public void start() {
		this.backend.start().run();
	}

	/** Suspends the server: it keeps connections open but answers nothing. */
	public void hang() {
		this.backend.hang().run();
	}

	public void wake() {
		this.backend.wake().run();
	}

}
