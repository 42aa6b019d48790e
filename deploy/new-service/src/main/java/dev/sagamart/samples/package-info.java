/** Keeps samples. */
@NullMarked
package dev.sagamart.samples;

import org.jspecify.annotations.NullMarked;
