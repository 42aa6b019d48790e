/** What samples tell the other services, and hear of them. */
@NullMarked
package dev.sagamart.samples.sample.messaging;

import org.jspecify.annotations.NullMarked;
