package dev.sagamart.gateway.ratelimit;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often one may ask. All instances of the gateway count together, in Redis; while
 * that is away, each counts by itself.
 *
 * @param user each user, by the subject of a valid access token
 * @param address each address, for the requests of all its users together
 * @param anonymous each address, for requests without a valid access token
 * @param signIn each address, for what makes accounts, sessions and tokens
 * @param redisTimeout how long a request waits for Redis at most
 * @param localBuckets how many buckets are kept here while Redis is away
 */
@Validated
@ConfigurationProperties("sagamart.gateway.rate-limits")
record RateLimitProperties(@NotNull @Valid Rate user, @NotNull @Valid Rate address, @NotNull @Valid Rate anonymous,
		@NotNull @Valid Rate signIn, @NotNull @DefaultValue("40ms") Duration redisTimeout,
		@Positive @DefaultValue("100000") int localBuckets) {
}
