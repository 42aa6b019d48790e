@NullUnmarked
package dev.sagamart.payments.payment.web;

import org.jspecify.annotations.NullUnmarked;
