/** The receiving side: subscriptions, their consumers, and what they have handled. */
@NullMarked
package dev.sagamart.platform.messaging.inbox;

import org.jspecify.annotations.NullMarked;
