package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Time limits of a saga.
 *
 * @param reserve how long stock may take to be reserved
 * @param authorise how long a payment may take to be authorised
 * @param book how long a shipment may take to be booked
 * @param capture how long to wait before a capture is requested again
 * @param compensate how long to wait before a compensation is requested again
 * @param longest the longest wait between two attempts; each attempt waits twice as long
 * as the one before
 * @param sweepBatch how many sagas are handled in one transaction
 * @param stuckAfter a saga with at least this many attempts is reported as stuck
 */
@Validated
@ConfigurationProperties("sagamart.saga")
record SagaProperties(@DefaultValue("30s") Duration reserve, @DefaultValue("60s") Duration authorise,
		@DefaultValue("30s") Duration book, @DefaultValue("15s") Duration capture,
		@DefaultValue("15s") Duration compensate, @DefaultValue("1h") Duration longest,
		@DefaultValue("200") @Min(1) int sweepBatch, @DefaultValue("3") @Min(2) int stuckAfter) {

	/**
	 * How long a state may last at an attempt, counted from 1; {@code null} if there is
	 * no deadline.
	 */
	@Nullable Duration timeLimit(OrderState state, int attempt) {
		if (!state.isWaiting()) {
			return null;
		}
		Duration first = switch (state) {
			case RESERVING_STOCK -> this.reserve;
			case AUTHORISING_PAYMENT -> this.authorise;
			case BOOKING_SHIPMENT -> this.book;
			case CAPTURING_PAYMENT, CAPTURING_TO_CANCEL -> this.capture;
			default -> this.compensate;
		};
		Duration slowed = first.multipliedBy(1L << Math.min(attempt - 1, 20));
		return (slowed.compareTo(this.longest) < 0) ? slowed : this.longest;
	}

}
