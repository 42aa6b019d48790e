package dev.sagamart.products.catalogue;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The caches of the catalogue.
 *
 * @param lifetime how long a product or a list stays in memory
 * @param redisLifetime how long a product stays in Redis; also the highest age of a
 * product whose change could not be sent to Redis
 * @param redisTimeout the time limit of a call to Redis; a request makes at most two
 */
@Validated
@ConfigurationProperties("sagamart.catalogue.cache")
record CacheProperties(@NotNull @DefaultValue("1s") Duration lifetime,
		@NotNull @DefaultValue("10s") Duration redisLifetime, @NotNull @DefaultValue("10ms") Duration redisTimeout) {

	/**
	 * How long the caches keep the newest version of a product, to detect reads of older
	 * ones. Far longer than the time limits of a database connection and a statement.
	 */
	static final Duration LONGEST_READ = Duration.ofMinutes(1);

}
