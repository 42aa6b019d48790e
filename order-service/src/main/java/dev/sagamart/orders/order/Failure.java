package dev.sagamart.orders.order;

import dev.sagamart.events.FailureCode;

/**
 * Why an order did not go through.
 *
 * @param message a sentence for the buyer
 */
public record Failure(FailureCode code, String message) {
}
