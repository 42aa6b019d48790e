package dev.sagamart.gateway.ratelimit;

import dev.sagamart.platform.redis.RedisScripts;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Token buckets that all instances share. One round trip takes a token from each bucket
 * that a request counts against. The clock of Redis decides, so the clocks of the
 * instances need not agree. A call fails immediately while the connection is lost. The
 * caller must limit the wait for the first connection, and for a Redis that hangs.
 */
@Component
class RedisBuckets {

	/** Returns the debt of each key, for {@link Decision#of}. */
	private static final RedisScript<?> TAKE = RedisScript.of("""
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
			""", List.class);

	private final RedisScripts redis;

	RedisBuckets(RedisScripts redis) {
		this.redis = redis;
	}

	/** Takes a token from each bucket, or from none if one of them is empty. */
	Mono<List<Decision>> take(List<Bucket> buckets) {
		List<String> keys = buckets.stream().map(Bucket::key).toList();
		List<String> arguments = buckets.stream()
			.map(Bucket::rate)
			.flatMap((rate) -> Stream.of(rate.interval(), rate.window()))
			.map(Object::toString)
			.toList();
		@SuppressWarnings("unchecked") // the script returns integers
		RedisScript<List<Long>> take = (RedisScript<List<Long>>) TAKE;
		return this.redis.run(take, keys, arguments)
			.map((debts) -> IntStream.range(0, debts.size())
				.mapToObj((i) -> Decision.of(buckets.get(i).rate(), debts.get(i)))
				.toList());
	}

}
