@NullUnmarked
package dev.sagamart.payments.provider;

import org.jspecify.annotations.NullUnmarked;
