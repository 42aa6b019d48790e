/** What accounts tell the other services. */
@NullMarked
package dev.sagamart.users.user.messaging;

import org.jspecify.annotations.NullMarked;
