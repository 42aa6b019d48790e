package dev.sagamart.gateway.ratelimit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.epoll.Epoll;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Token buckets that all instances share. One round trip takes a token of each bucket
 * that a request counts against; the clock is that of Redis, so those of the instances
 * need not agree. When a connection is lost, a call fails at once; how long one may wait
 * for the first connection, or for a Redis that hangs, is for the caller to say.
 */
class RedisBuckets implements AutoCloseable {

	/** Answers for each key with what {@link Decision#of} wants. */
	private static final String TAKE = """
			local time = redis.call('TIME')
			local now = time[1] * 1000000 + time[2]
			local debts, enough = {}, true
			for i, key in ipairs(KEYS) do
				local interval, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
				local full = math.max(now, tonumber(redis.call('GET', key) or 0))
				debts[i] = full + interval - now
				enough = enough and debts[i] <= window
			end
			if enough then
				for i, key in ipairs(KEYS) do
					redis.call('SET', key, string.format('%.0f', now + debts[i]), 'PX', math.ceil(debts[i] / 1000))
				end
			end
			return debts
			""";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	/**
	 * After this a peer that acknowledges nothing is taken for gone, and a greeting for
	 * lost: in a JVM that has just started, that takes longer than a connection.
	 */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

	/** Commands that have no answer yet; more are refused, not queued. */
	private static final int MOST_UNANSWERED = 2048;

	private final RedisClient client;

	private final ClientResources resources;

	private final String digest = Base16.digest(TAKE.getBytes(StandardCharsets.UTF_8));

	/** Once made, it is kept up by the client; until then, each call tries again. */
	private final Mono<StatefulRedisConnection<String, String>> connection;

	RedisBuckets(RateLimitProperties properties) {
		RedisURI uri = RedisURI.create(properties.redisUri());
		uri.setTimeout(SILENCE);
		this.resources = ClientResources.builder()
			.ioThreadPoolSize(2)
			.computationThreadPoolSize(2)
			.reconnectDelay(() -> Delay.constant(Duration.ofMillis(500)))
			.build();
		this.client = RedisClient.create(this.resources);
		this.client.setOptions(ClientOptions.builder()
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(MOST_UNANSWERED)
			.timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
			.socketOptions(socketOptions())
			.build());
		this.connection = Mono.fromCompletionStage(() -> this.client.connectAsync(StringCodec.UTF8, uri))
			.cache((_) -> FOREVER, (_) -> Duration.ZERO, () -> Duration.ZERO);
		this.connection.onErrorComplete().subscribe();
	}

	/**
	 * A connection that only hangs is given up, where the operating system can do that.
	 */
	private static SocketOptions socketOptions() {
		return SocketOptions.builder()
			.connectTimeout(CONNECT_TIMEOUT)
			.keepAlive(SocketOptions.KeepAliveOptions.builder()
				.enable()
				.idle(SILENCE)
				.interval(Duration.ofSeconds(1))
				.count(3)
				.build())
			.tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
				.enable(Epoll.isAvailable())
				.tcpUserTimeout(SILENCE)
				.build())
			.build();
	}

	/** Takes a token of each, or of none if one of them is empty. */
	Mono<List<Decision>> take(List<Bucket> buckets) {
		String[] keys = buckets.stream().map(Bucket::key).toArray(String[]::new);
		String[] arguments = buckets.stream()
			.map(Bucket::rate)
			.flatMap((rate) -> Stream.of(rate.interval(), rate.window()))
			.map(Object::toString)
			.toArray(String[]::new);
		return this.connection.map(StatefulRedisConnection::async)
			.flatMap((redis) -> Mono
				.fromCompletionStage(redis.<List<Long>>evalsha(this.digest, ScriptOutputType.MULTI, keys, arguments))
				.onErrorResume(RedisNoScriptException.class,
						(_) -> Mono.fromCompletionStage(
								redis.<List<Long>>eval(TAKE, ScriptOutputType.MULTI, keys, arguments))))
			.map((debts) -> IntStream.range(0, debts.size())
				.mapToObj((i) -> Decision.of(buckets.get(i).rate(), debts.get(i)))
				.toList());
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
		var _ = this.resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

}
