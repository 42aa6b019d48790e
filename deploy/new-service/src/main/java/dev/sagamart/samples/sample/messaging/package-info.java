/** The messages that samples send to and receive from other services. */
@NullMarked
package dev.sagamart.samples.sample.messaging;

import org.jspecify.annotations.NullMarked;
