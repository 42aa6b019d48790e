@NullMarked
package dev.sagamart.platform.failure;

import org.jspecify.annotations.NullMarked;
