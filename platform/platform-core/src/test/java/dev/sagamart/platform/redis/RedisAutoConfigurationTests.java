package dev.sagamart.platform.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.script.RedisScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisAutoConfigurationTests {

	/** Nobody listens at port 1. */
	private final ApplicationContextRunner service = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RedisAutoConfiguration.class, DataRedisAutoConfiguration.class,
				DataRedisReactiveAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=redis://127.0.0.1:1", "spring.data.redis.connect-timeout=3s");

	@Test
	void refusesWhatItCannotSendAndNoticesAConnectionThatHangs() {
		this.service.run((context) -> {
			ClientOptions options = context.getBean(LettuceConnectionFactory.class)
				.getClientConfiguration()
				.getClientOptions()
				.orElseThrow();
			assertThat(options.getDisconnectedBehavior()).isEqualTo(DisconnectedBehavior.REJECT_COMMANDS);
			assertThat(options.getRequestQueueSize()).isEqualTo(2048);
			assertThat(options.getSocketOptions().getConnectTimeout()).isEqualTo(Duration.ofSeconds(3));
			assertThat(options.getSocketOptions().getKeepAlive().getIdle()).isEqualTo(Duration.ofSeconds(5));
			assertThat(options.getSocketOptions().getTcpUserTimeout().getTcpUserTimeout())
				.isEqualTo(Duration.ofSeconds(5));
		});
	}

	@Test
	void startsWithoutRedisAndFailsEachCall() {
		this.service.run((context) -> {
			RedisScripts scripts = context.getBean(RedisScripts.class);
			for (int i = 0; i < 2; i++) {
				assertThatThrownBy(() -> scripts.run(RedisScript.of("return 1", Long.class), List.of(), List.of())
					.block(Duration.ofSeconds(30))).hasMessageContaining("connect");
			}
		});
	}

	@Test
	void takesThePasswordOutOfTheAddress() {
		withUrl("redis://:s3cret@redis:6379", (factory) -> {
			assertThat(factory.getPassword()).isEqualTo("s3cret");
			assertThat(factory.getHostName() + ":" + factory.getPort()).isEqualTo("redis:6379");
			assertThat(factory.isUseSsl()).isFalse();
		});
	}

	@Test
	void connectsOverTlsWhereTheAddressSaysSo() {
		withUrl("rediss://redis:6379", (factory) -> assertThat(factory.isUseSsl()).isTrue());
	}

	private void withUrl(String url, Consumer<LettuceConnectionFactory> check) {
		this.service.withPropertyValues("spring.data.redis.url=" + url)
			.withBean(SslBundles.class, DefaultSslBundleRegistry::new)
			.run((context) -> check.accept(context.getBean(LettuceConnectionFactory.class)));
	}

}
