/** How somebody gets an account. */
@NullMarked
package dev.sagamart.users.registration.web;

import org.jspecify.annotations.NullMarked;
