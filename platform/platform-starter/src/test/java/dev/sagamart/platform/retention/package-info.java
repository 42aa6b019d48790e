@NullMarked
package dev.sagamart.platform.retention;

import org.jspecify.annotations.NullMarked;
