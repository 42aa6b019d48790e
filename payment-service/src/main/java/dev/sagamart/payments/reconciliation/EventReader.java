package dev.sagamart.payments.reconciliation;

import dev.sagamart.payments.provider.ProviderBooks;
import dev.sagamart.payments.provider.ProviderUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reconciles at intervals, in every instance: reads what changed at the provider since
 * the last time, whether its webhooks came or not, and looks for what only we have.
 * Whatever differs ends in the same question to the provider.
 */
@Component
class EventReader {

	private static final Logger logger = LoggerFactory.getLogger(EventReader.class);

	/** Clocks differ, and an event may be listed a little later than its time. */
	private static final Duration OVERLAP = Duration.ofMinutes(5);

	private final ProviderEvents events;

	private final ProviderBooks books;

	private final Clock clock;

	EventReader(ProviderEvents events, ProviderBooks books, Clock clock) {
		this.events = events;
		this.books = books;
		this.clock = clock;
	}

	@Scheduled(fixedDelayString = "${sagamart.payment.reconciliation.compare-interval:1s}")
	void compare() {
		try {
			this.events.compare();
		}
		catch (DataAccessException | TransactionException ex) {
			logger.warn("The provider's events cannot be compared now: {}", ex.toString());
		}
	}

	/** Failing is no harm: the next run reads from the same place. */
	@Scheduled(fixedDelayString = "${sagamart.payment.reconciliation.interval:1m}",
			initialDelayString = "${sagamart.payment.reconciliation.interval:1m}")
	void read() {
		try {
			Instant now = this.clock.instant();
			Instant since = this.events.readUntil();
			this.books.events(since.minus(OVERLAP), this.events::add);
			OptionalLong after = OptionalLong.of(0);
			while (after.isPresent()) {
				after = this.events.compareBooked(since.minus(OVERLAP), now.minus(OVERLAP), after.getAsLong());
			}
			this.events.readUntil(now);
			this.events.clean();
		}
		catch (ProviderUnavailableException | DataAccessException | TransactionException ex) {
			logger.info("The provider's events cannot be read now: {}", ex.toString());
		}
	}

}
