package dev.sagamart.local;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisServerIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	@TempDir
	Path directory;

	@Test
	void startsStopsAndHangs() {
		RedisServer redis = new RedisServer(Place.under(this.directory, "redis", Ports.free()));
		assertThat(redis.pid()).isEqualTo(-1);
		redis.start(PATIENCE);
		try {
			assertThatIllegalStateException().isThrownBy(redis::start).withMessageContaining("runs already");
			redis.signal("STOP");
			assertThat(redis.isReady()).isFalse();
			redis.signal("CONT");
			redis.awaitReady(PATIENCE);
		}
		finally {
			redis.stop(PATIENCE);
		}
		assertThat(redis.isAlive()).isFalse();
		assertThat(redis.place().log()).content().contains("Ready to accept connections");
	}

	@Test
	void saysSoWhenItEndsBeforeItIsReady() {
		int port = Ports.free();
		RedisServer first = new RedisServer(Place.under(this.directory.resolve("first"), "redis", port));
		first.start(PATIENCE);
		try {
			RedisServer second = new RedisServer(Place.under(this.directory.resolve("second"), "redis", port));
			second.start();
			assertThat(second.name()).isEqualTo("redis");
			org.awaitility.Awaitility.await().until(() -> !second.isAlive());
		}
		finally {
			first.stop(PATIENCE);
		}
	}

	@Test
	void failsWhenItIsNotReadyInTime() {
		RedisServer redis = new RedisServer(Place.under(this.directory, "redis", Ports.free()));
		assertThatThrownBy(() -> redis.awaitReady(Duration.ZERO)).isInstanceOf(PartFailedException.class)
			.hasMessageContaining("redis ended before it was ready");
	}

}
