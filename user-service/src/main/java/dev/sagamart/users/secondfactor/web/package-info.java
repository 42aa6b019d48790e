/** Second factors over HTTP. */
@NullMarked
package dev.sagamart.users.secondfactor.web;

import org.jspecify.annotations.NullMarked;
