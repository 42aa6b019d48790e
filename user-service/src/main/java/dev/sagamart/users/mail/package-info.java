/** The queue of mails: when they are sent, how often, and when they are given up. */
@NullMarked
package dev.sagamart.users.mail;

import org.jspecify.annotations.NullMarked;
