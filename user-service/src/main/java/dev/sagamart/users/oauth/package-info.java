/**
 * The steps of an authorization that happen in a browser: the log-in and the code. What a
 * code is exchanged for is a session like any other.
 */
@NullMarked
package dev.sagamart.users.oauth;

import org.jspecify.annotations.NullMarked;
