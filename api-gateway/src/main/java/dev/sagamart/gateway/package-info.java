/** The API gateway, the only entry point for clients. */
@NullMarked
package dev.sagamart.gateway;

import org.jspecify.annotations.NullMarked;
