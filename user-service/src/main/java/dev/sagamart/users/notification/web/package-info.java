/** Notifications over HTTP. */
@NullMarked
package dev.sagamart.users.notification.web;

import org.jspecify.annotations.NullMarked;
