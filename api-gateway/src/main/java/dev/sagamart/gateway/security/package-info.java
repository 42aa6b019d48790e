/** Tokens are checked before a service is bothered. */
@NullMarked
package dev.sagamart.gateway.security;

import org.jspecify.annotations.NullMarked;
