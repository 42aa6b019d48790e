/** The saga's commands as they come from Kafka. */
@NullMarked
package dev.sagamart.payments.payment.messaging;

import org.jspecify.annotations.NullMarked;
