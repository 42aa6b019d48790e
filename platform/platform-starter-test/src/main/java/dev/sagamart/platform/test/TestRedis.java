package dev.sagamart.platform.test;

/** The Redis of this test JVM, and its faults. */
public final class TestRedis extends BreakableServer {

	TestRedis(Backend backend) {
		super(backend);
	}

}
