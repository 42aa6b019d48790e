/**
 * The shared test support of all services: real servers, tokens, messages, and the
 * architecture rules.
 */
@NullMarked
package dev.sagamart.platform.test;

import org.jspecify.annotations.NullMarked;
