/** Who is calling, and what the services are told about it. */
@NullMarked
package dev.sagamart.gateway.forwarding;

import org.jspecify.annotations.NullMarked;
