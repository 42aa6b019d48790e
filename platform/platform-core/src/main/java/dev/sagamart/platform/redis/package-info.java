/** The connection to Redis, for the gateway and for services. */
@NullMarked
package dev.sagamart.platform.redis;

import org.jspecify.annotations.NullMarked;
