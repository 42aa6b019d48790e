/** What reaches the services, in which form, and for how long. */
@NullMarked
package dev.sagamart.gateway.routing;

import org.jspecify.annotations.NullMarked;
