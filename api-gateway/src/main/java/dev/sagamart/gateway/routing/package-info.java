/** Routes requests to the services, with limits for sizes, durations and concurrency. */
@NullMarked
package dev.sagamart.gateway.routing;

import org.jspecify.annotations.NullMarked;
