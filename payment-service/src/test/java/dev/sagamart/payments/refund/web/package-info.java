@NullUnmarked
package dev.sagamart.payments.refund.web;

import org.jspecify.annotations.NullUnmarked;
