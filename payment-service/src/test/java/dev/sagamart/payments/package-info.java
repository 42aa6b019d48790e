@NullUnmarked
package dev.sagamart.payments;

import org.jspecify.annotations.NullUnmarked;
