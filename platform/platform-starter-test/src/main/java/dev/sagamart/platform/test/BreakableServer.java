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

	public int port() {
		return this.backend.port();
	}

	/** {@code host:port}, which stays the same after restarts. */
	public String address() {
		return host() + ":" + port();
	}

	/** Stops the server gracefully; its port stays reserved. */
	public void stop() {
		this.backend.stop().run();
	}

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
