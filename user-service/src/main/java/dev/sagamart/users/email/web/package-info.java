/** Email addresses and forgotten passwords over HTTP. */
@NullMarked
package dev.sagamart.users.email.web;

import org.jspecify.annotations.NullMarked;
