package dev.sagamart.platform.test;

/** A server of this test JVM, and the faults that all of them can have. */
abstract sealed class BreakableServer permits TestPostgres, TestKafka, TestRedis {

	private final Backend backend;

	BreakableServer(Backend backend) {
		this.backend = backend;
	}

	public String host() {
		return this.backend.host().get();
	}

	/** The same over every restart. */
	public int port() {
		return this.backend.port();
	}

	/** {@code host:port}. */
	public String address() {
		return host() + ":" + port();
	}

	/** Stops the server gracefully; its port stays its own. */
	public void stop() {
		this.backend.stop().run();
	}

	/** {@code kill -9}. */
	public void kill() {
		this.backend.kill().run();
	}

	/**
	 * Starts it again on the same port after {@link #stop()} or {@link #kill()}, and
	 * waits until it answers. PostgreSQL and Kafka have all their data then, Redis has
	 * none.
	 */
	public void start() {
		this.backend.start().run();
	}

	/** Keeps connections open and answers nothing, until {@link #wake()}. */
	public void hang() {
		this.backend.hang().run();
	}

	public void wake() {
		this.backend.wake().run();
	}

}
