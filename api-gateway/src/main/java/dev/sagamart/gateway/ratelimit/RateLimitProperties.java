package dev.sagamart.gateway.ratelimit;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many requests are permitted. All instances of the gateway count together in Redis.
 * While Redis is unavailable, each instance counts its own requests.
 *
 * @param user for each user, identified by the subject of a valid access token
 * @param address for each address, for the requests of all its users together
 * @param anonymous for each address, for requests without a valid access token
 * @param signIn for each address, for requests that make accounts, sessions and tokens
 * @param redisTimeout the longest time that a request waits for Redis
 * @param localBuckets the maximum number of buckets in memory while Redis is unavailable
 */
@Validated
@ConfigurationProperties("sagamart.gateway.rate-limits")
record RateLimitProperties(@NotNull @Valid Rate user, @NotNull @Valid Rate address, @NotNull @Valid Rate anonymous,
		@NotNull @Valid Rate signIn, @NotNull @DefaultValue("40ms") Duration redisTimeout,
		@Positive @DefaultValue("100000") int localBuckets) {
}
