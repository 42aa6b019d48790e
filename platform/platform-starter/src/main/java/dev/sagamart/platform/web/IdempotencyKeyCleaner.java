package dev.sagamart.platform.web;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Removes expired idempotency keys every minute, at most a hundred thousand at a time,
 * and every ten minutes those that somebody has too many of. Safe on any number of
 * instances.
 */
class IdempotencyKeyCleaner {

	private static final Logger log = LoggerFactory.getLogger(IdempotencyKeyCleaner.class);

	private final PostgresIdempotentRequests requests;

	IdempotencyKeyCleaner(PostgresIdempotentRequests requests) {
		this.requests = requests;
	}

	@Scheduled(initialDelay = 60, fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
	void clean() {
		try {
			this.requests.removeExpired();
		}
		catch (DataAccessException ex) {
			log.warn("Expired idempotency keys stay for another minute: {}", ex.getMessage());
		}
	}

	@Scheduled(initialDelay = 5, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
	void cleanUpAfterTheBusiest() {
		try {
			this.requests.removeSurplus();
		}
		catch (DataAccessException ex) {
			log.warn("Idempotency keys that are too many stay for another ten minutes: {}", ex.getMessage());
		}
	}

}
