@NullMarked
package dev.sagamart.platform.scheduling;

import org.jspecify.annotations.NullMarked;
