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
import org.springframework.context.annotation.Import;

/**
 * Configures Spring Boot's Redis client so that applications also work without Redis. The
 * client refuses commands that it cannot send immediately, notices connections that hang,
 * and keeps trying to connect again. The address and the time-outs are set with
 * {@code spring.data.redis.*}.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisAutoConfiguration.class)
@Import(RedisScripts.class)
class RedisAutoConfiguration {

	/** The maximum number of commands without a response; more are refused. */
	private static final int MOST_UNANSWERED = 2048;

	/** A connection whose peer acknowledges nothing for so long is closed. */
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
				// Only Linux supports this.
				.tcpUserTimeout(TcpUserTimeoutOptions.builder()
					.enable(EpollProvider.isAvailable())
					.tcpUserTimeout(SILENCE)
					.build())
				.build());
	}

}
