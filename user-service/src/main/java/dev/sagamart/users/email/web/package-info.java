/** Email addresses and password resets over HTTP. */
@NullMarked
package dev.sagamart.users.email.web;

import org.jspecify.annotations.NullMarked;
