package dev.sagamart.platform.test;

/** The Redis server of this test JVM. */
public final class TestRedis extends BreakableServer {

	TestRedis(Backend backend) {
		super(backend);
	}

}
