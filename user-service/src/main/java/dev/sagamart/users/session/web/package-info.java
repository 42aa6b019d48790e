/** Sessions over HTTP. */
@NullMarked
package dev.sagamart.users.session.web;

import org.jspecify.annotations.NullMarked;
