/** Rules for requests that are the same in the gateway and in every service. */
@NullMarked
package dev.sagamart.platform.request;

import org.jspecify.annotations.NullMarked;
