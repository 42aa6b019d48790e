/** Sending mails: when, how often, and what becomes of those that cannot be sent. */
@NullMarked
package dev.sagamart.users.mail;

import org.jspecify.annotations.NullMarked;
