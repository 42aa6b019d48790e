package dev.sagamart.platform.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Runs scripts in Redis; each script is atomic. Neither the start of the application nor
 * the thread of a caller waits for a connection: it is opened in the background, and each
 * call tries again until there is one. Afterwards the client keeps it open, and a call
 * fails immediately while it is lost. The caller must limit the wait for the result.
 * <p>
 * Uses Lettuce's commands, because the templates of Spring Data allocate twice as much.
 */
public final class RedisScripts {

	private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

	private final Mono<RedisScriptingAsyncCommands<byte[], byte[]>> connected;

	RedisScripts(RedisConnectionFactory factory) {
		this.connected = Mono.fromCallable(() -> nativeConnection(factory))
			.subscribeOn(Schedulers.boundedElastic())
			.cache((_) -> FOREVER, (_) -> Duration.ZERO, () -> Duration.ZERO);
		this.connected.onErrorComplete().subscribe();
	}

	@SuppressWarnings("unchecked") // as LettuceConnection has it
	private static RedisScriptingAsyncCommands<byte[], byte[]> nativeConnection(RedisConnectionFactory factory) {
		return (RedisScriptingAsyncCommands<byte[], byte[]>) factory.getConnection().getNativeConnection();
	}

	/** Returns the result: a text, a number, or a list; empty for {@code nil}. */
	public <T> Mono<T> run(RedisScript<T> script, List<String> keys, List<String> arguments) {
		return this.connected.flatMap((redis) -> {
			byte[][] keyBytes = bytes(keys);
			byte[][] argumentBytes = bytes(arguments);
			ScriptOutputType type = typeOf(script);
			return Mono.<Object>fromCompletionStage(redis.evalsha(script.getSha1(), type, keyBytes, argumentBytes))
				.onErrorResume(RedisNoScriptException.class, (_) -> Mono
					.fromCompletionStage(redis.eval(script.getScriptAsString(), type, keyBytes, argumentBytes)));
		}).map((answer) -> {
			@SuppressWarnings("unchecked") // as typeOf() asked for it
			T text = (T) ((answer instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : answer);
			return text;
		});
	}

	private static ScriptOutputType typeOf(RedisScript<?> script) {
		Class<?> result = script.getResultType();
		return (result == Long.class) ? ScriptOutputType.INTEGER
				: (result == List.class) ? ScriptOutputType.MULTI : ScriptOutputType.VALUE;
	}

	private static byte[][] bytes(Collection<String> texts) {
		return texts.stream().map((text) -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
	}

}
