@NullUnmarked
package dev.sagamart.payments.reconciliation;

import org.jspecify.annotations.NullUnmarked;
