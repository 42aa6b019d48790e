package dev.sagamart.payments.reconciliation;

import dev.sagamart.payments.provider.ProviderBooks;
import dev.sagamart.payments.provider.ProviderUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reconciles at intervals, in every instance. Reads the events of the provider since the
 * last run, in case webhooks were lost, and finds captures that have no event. Requests a
 * retrieval of each payment that differs.
 */
@Component
class ReconciliationJobs {

	private static final Logger logger = LoggerFactory.getLogger(ReconciliationJobs.class);

	/** Clocks may differ, and the provider may list an event with a delay. */
	private static final Duration OVERLAP = Duration.ofMinutes(5);

	private final ProviderEvents events;

	private final ProviderBooks books;

	private final Clock clock;

	ReconciliationJobs(ProviderEvents events, ProviderBooks books, Clock clock) {
		this.events = events;
		this.books = books;
		this.clock = clock;
	}

	@Scheduled(fixedDelayString = "${sagamart.payment.reconciliation.compare-interval:1s}")
	void compare() {
		this.events.compare();
	}

	/** After a failure, the next run reads from the same time. */
	@Scheduled(fixedDelayString = "${sagamart.payment.reconciliation.interval:1m}",
			initialDelayString = "${sagamart.payment.reconciliation.interval:1m}")
	void read() {
		try {
			Instant now = this.clock.instant();
			Instant since = this.events.readUntil();
			this.books.events(since.minus(OVERLAP), this.events::add);
			OptionalLong after = OptionalLong.of(0);
			while (after.isPresent()) {
				after = this.events.retrieveUnreported(since.minus(OVERLAP), now.minus(OVERLAP), after.getAsLong());
			}
			this.events.readUntil(now);
			this.events.clean();
		}
		catch (ProviderUnavailableException ex) {
			logger.info("Cannot read the provider's events, trying again: {}", ex.toString());
		}
	}

}
