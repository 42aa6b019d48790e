package dev.sagamart.platform.test;

/** The Redis of this test JVM, and its faults. */
public final class TestRedis {

	private final Backend backend;

	TestRedis(Backend backend) {
		this.backend = backend;
	}

	public String host() {
		return this.backend.host();
	}

	public int port() {
		return this.backend.port();
	}

	/** {@code host:port}. */
	public String address() {
		return this.backend.address();
	}

	/** Stops the server; its port stays its own. What it held is lost. */
	public void stop() {
		this.backend.stop();
	}

	public void start() {
		this.backend.start();
	}

	/** Keeps connections open and answers nothing, until {@link #wake()}. */
	public void hang() {
		this.backend.hang();
	}

	public void wake() {
		this.backend.wake();
	}

}
