/**
 * The parts of an authorization that happen in a browser: the log-in and the code. A code
 * is exchanged for a session like any other.
 */
@NullMarked
package dev.sagamart.users.oauth;

import org.jspecify.annotations.NullMarked;
