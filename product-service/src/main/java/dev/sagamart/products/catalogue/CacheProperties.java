package dev.sagamart.products.catalogue;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How old what is read of the catalogue may be, and what Redis may cost.
 *
 * @param lifetime how long a product or a list is kept in memory
 * @param redisLifetime how long a product is kept in Redis: so old it may be if nobody
 * could tell Redis that it has changed
 * @param redisTimeout how long a call of Redis may take; a request makes two at most
 * @param redisPause how long Redis is left alone after a failure
 */
@Validated
@ConfigurationProperties("sagamart.catalogue.cache")
record CacheProperties(@NotNull @DefaultValue("1s") Duration lifetime,
		@NotNull @DefaultValue("10s") Duration redisLifetime, @NotNull @DefaultValue("10ms") Duration redisTimeout,
		@NotNull @DefaultValue("1s") Duration redisPause) {

	/**
	 * For so long it is known which version was there: far longer than a connection to
	 * the database and a statement may take.
	 */
	static final Duration LONGEST_READ = Duration.ofMinutes(1);

}
