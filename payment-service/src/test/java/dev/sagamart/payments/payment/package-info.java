@NullUnmarked
package dev.sagamart.payments.payment;

import org.jspecify.annotations.NullUnmarked;
