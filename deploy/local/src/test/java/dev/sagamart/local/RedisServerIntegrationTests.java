package dev.sagamart.local;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisServerIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(4);

	@TempDir
	Path directory;

	@Test
	void startsStopsAndHangs() {
		RedisServer redis = new RedisServer(Place.under(this.directory, "redis", Ports.free()));
		assertThat(redis.pid()).isEqualTo(-1);
		redis.start(TIMEOUT);
		try {
			assertThatIllegalStateException().isThrownBy(redis::start).withMessageContaining("already running");
			redis.signal("STOP");
			assertThat(redis.isReady()).isFalse();
			redis.signal("CONT");
			redis.awaitReady(TIMEOUT);
		}
		finally {
			redis.stop(TIMEOUT);
		}
		assertThat(redis.isAlive()).isFalse();
		assertThat(redis.place().log()).content().contains("Ready to accept connections");
	}

	@Test
	void endsIfItsPortIsInUse() {
		int port = Ports.free();
		RedisServer first = new RedisServer(Place.under(this.directory.resolve("first"), "redis", port));
		first.start(TIMEOUT);
		try {
			RedisServer second = new RedisServer(Place.under(this.directory.resolve("second"), "redis", port));
			second.start();
			assertThat(second.name()).isEqualTo("redis");
			org.awaitility.Awaitility.await().until(() -> !second.isAlive());
		}
		finally {
			first.stop(TIMEOUT);
		}
	}

	@Test
	void failsWhenItIsNotReadyInTime() {
		RedisServer redis = new RedisServer(Place.under(this.directory, "redis", Ports.free()));
		assertThatThrownBy(() -> redis.awaitReady(Duration.ZERO)).isInstanceOf(PartFailedException.class)
			.hasMessageContaining("redis ended before it was ready");
	}

}
