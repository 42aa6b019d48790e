package dev.sagamart.platform.redis;

import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Runs scripts in Redis, each of which is done as a whole. Neither a start nor the thread
 * of a caller waits for a connection: the first one is made aside, by each call anew
 * until there is one. Afterwards the client keeps it up, and a call fails at once while
 * it is lost. How long a call may wait for its answer is for the caller to say.
 */
public final class RedisScripts {

	private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

	private final Mono<ReactiveStringRedisTemplate> connected;

	RedisScripts(ReactiveStringRedisTemplate redis) {
		this.connected = Mono.fromCallable(() -> {
			redis.getConnectionFactory().getReactiveConnection().close();
			return redis;
		}).subscribeOn(Schedulers.boundedElastic()).cache((_) -> FOREVER, (_) -> Duration.ZERO, () -> Duration.ZERO);
		this.connected.onErrorComplete().subscribe();
	}

	/** What the script answers; nothing for {@code nil}. */
	public <T> Mono<T> run(RedisScript<T> script, List<String> keys, List<String> arguments) {
		return this.connected.flatMap((redis) -> redis.execute(script, keys, arguments).next());
	}

}
