@NullUnmarked
package dev.sagamart.payments.payment.messaging;

import org.jspecify.annotations.NullUnmarked;
