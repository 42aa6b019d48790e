/** Log-ins and sessions. */
@NullMarked
package dev.sagamart.users.session;

import org.jspecify.annotations.NullMarked;
