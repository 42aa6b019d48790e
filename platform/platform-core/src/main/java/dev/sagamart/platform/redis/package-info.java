/** The connection to Redis that the gateway and services have in common. */
@NullMarked
package dev.sagamart.platform.redis;

import org.jspecify.annotations.NullMarked;
