/** The public half of the signing keys over HTTP. */
@NullMarked
package dev.sagamart.users.token.web;

import org.jspecify.annotations.NullMarked;
