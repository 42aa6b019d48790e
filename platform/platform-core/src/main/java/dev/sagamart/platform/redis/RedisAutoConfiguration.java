package dev.sagamart.platform.redis;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Makes Spring Boot's client of Redis one that everybody can do without: it refuses what
 * it cannot send now, notices a connection that only hangs, and keeps trying to get a new
 * one. Where Redis is, and its time-outs, are {@code spring.data.redis.*}.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisAutoConfiguration.class)
class RedisAutoConfiguration {

	/** Commands that have no answer yet; more are refused, not queued. */
	private static final int MOST_UNANSWERED = 2048;

	/** After this, a peer that acknowledges nothing is taken for gone. */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	@Bean
	ClientResourcesBuilderCustomizer platformRedisResources() {
		return (resources) -> resources.ioThreadPoolSize(2)
			.computationThreadPoolSize(2)
			.reconnectDelay(() -> Delay.constant(Duration.ofMillis(500)));
	}

	@Bean
	LettuceClientOptionsBuilderCustomizer platformRedisOptions(DataRedisProperties properties) {
		return (options) -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(MOST_UNANSWERED)
			.socketOptions(SocketOptions.builder()
				.connectTimeout(properties.getConnectTimeout())
				.keepAlive(KeepAliveOptions.builder()
					.enable()
					.idle(SILENCE)
					.interval(Duration.ofSeconds(1))
					.count(3)
					.build())
				// Only Linux can do that.
				.tcpUserTimeout(TcpUserTimeoutOptions.builder()
					.enable(EpollProvider.isAvailable())
					.tcpUserTimeout(SILENCE)
					.build())
				.build());
	}

	@Bean
	RedisScripts redisScripts(RedisConnectionFactory factory) {
		return new RedisScripts(factory);
	}

}
