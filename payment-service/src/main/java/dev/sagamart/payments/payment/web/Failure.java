package dev.sagamart.payments.payment.web;

/**
 * Why a payment did not go as it should.
 *
 * @param code in upper case
 */
record Failure(String code, String message) {
}
