/** Checks requests and their access tokens before a service is called. */
@NullMarked
package dev.sagamart.gateway.security;

import org.jspecify.annotations.NullMarked;
