/** Access tokens and the keys that sign them. */
@NullMarked
package dev.sagamart.users.token;

import org.jspecify.annotations.NullMarked;
