/** A service that provokes everything which the starter answers to. */
@NullMarked
package dev.sagamart.platform.sample;

import org.jspecify.annotations.NullMarked;
