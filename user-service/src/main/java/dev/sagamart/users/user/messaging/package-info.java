/** The events of accounts. */
@NullMarked
package dev.sagamart.users.user.messaging;

import org.jspecify.annotations.NullMarked;
