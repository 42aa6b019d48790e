/** Accounts over HTTP. */
@NullMarked
package dev.sagamart.users.user.web;

import org.jspecify.annotations.NullMarked;
