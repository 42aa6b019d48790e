/** Logging in and staying logged in: throttled logins, refresh tokens that work once. */
@NullMarked
package dev.sagamart.users.session;

import org.jspecify.annotations.NullMarked;
