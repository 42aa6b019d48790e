/** Determines the client address, and filters the headers of requests and responses. */
@NullMarked
package dev.sagamart.gateway.forwarding;

import org.jspecify.annotations.NullMarked;
