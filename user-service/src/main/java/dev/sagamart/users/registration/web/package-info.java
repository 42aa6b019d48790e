/** Registration of accounts. */
@NullMarked
package dev.sagamart.users.registration.web;

import org.jspecify.annotations.NullMarked;
