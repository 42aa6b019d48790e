/** The types that describe messages to senders and receivers. */
@NullMarked
package dev.sagamart.platform.messages;

import org.jspecify.annotations.NullMarked;
