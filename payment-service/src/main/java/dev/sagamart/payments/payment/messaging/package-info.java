/** Receives the commands of the order saga, in which payments are a participant. */
@NullMarked
package dev.sagamart.payments.payment.messaging;

import org.jspecify.annotations.NullMarked;
