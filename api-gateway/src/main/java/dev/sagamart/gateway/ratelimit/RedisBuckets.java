package dev.sagamart.gateway.ratelimit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Token buckets that all instances share. One round trip takes a token; the clock is that
 * of Redis, so those of the instances need not agree. Nothing here ever waits: without a
 * connection, a call fails at once.
 */
class RedisBuckets implements AutoCloseable {

	/** Answers with what {@link Decision#of} wants. */
	private static final String TAKE = """
			local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
			local time = redis.call('TIME')
			local now = time[1] * 1000000 + time[2]
			local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
			local debt = full + interval - now
			if debt <= window then
				redis.call('SET', KEYS[1], string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
			end
			return debt
			""";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	/**
	 * After this a peer that acknowledges nothing is taken for gone, and a greeting for
	 * lost: in a JVM that has just started, that takes longer than a connection.
	 */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	/** Commands that have no answer yet; more are refused, not queued. */
	private static final int MOST_UNANSWERED = 2048;

	private final RedisClient client;

	private final ClientResources resources;

	private final RedisURI uri;

	private final String digest = Base16.digest(TAKE.getBytes(StandardCharsets.UTF_8));

	private final AtomicReference<CompletableFuture<StatefulRedisConnection<String, String>>> connection;

	RedisBuckets(RateLimitProperties properties) {
		this.uri = RedisURI.create(properties.redisUri());
		this.uri.setTimeout(SILENCE);
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
		this.connection = new AtomicReference<>(connect());
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

	/** Once made, a connection is kept up by the client. */
	private CompletableFuture<StatefulRedisConnection<String, String>> connect() {
		return this.client.connectAsync(StringCodec.UTF8, this.uri).toCompletableFuture();
	}

	/**
	 * Takes a token if there is one; completes on a thread of Redis' connection, or never
	 * while Redis hangs: how long that may take is for the caller to say.
	 */
	CompletionStage<Decision> take(String key, Rate rate) {
		CompletableFuture<StatefulRedisConnection<String, String>> current = this.connection.get();
		if (!current.isDone()) {
			return CompletableFuture.failedFuture(new IOException("Redis is not connected yet"));
		}
		if (current.isCompletedExceptionally()) {
			connectAgain(current);
			return CompletableFuture.failedFuture(new IOException("Redis cannot be reached"));
		}
		RedisAsyncCommands<String, String> redis = current.join().async();
		String[] keys = { key };
		String[] arguments = { Long.toString(rate.interval()), Long.toString(rate.window()) };
		return redis.<Long>evalsha(this.digest, ScriptOutputType.INTEGER, keys, arguments)
			.exceptionallyCompose((failure) -> (failure instanceof RedisNoScriptException)
					? redis.eval(TAKE, ScriptOutputType.INTEGER, keys, arguments)
					: CompletableFuture.failedFuture(failure))
			.thenApply((debt) -> Decision.of(rate, debt));
	}

	private void connectAgain(CompletableFuture<StatefulRedisConnection<String, String>> failed) {
		CompletableFuture<StatefulRedisConnection<String, String>> next = new CompletableFuture<>();
		if (this.connection.compareAndSet(failed, next)) {
			var _ = connect().whenComplete((made, failure) -> {
				if (failure != null) {
					next.completeExceptionally(failure);
				}
				else {
					next.complete(made);
				}
			});
		}
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
		var _ = this.resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

}
