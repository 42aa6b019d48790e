/**
 * Messages that are neither lost nor handled twice: the outbox with its relay on the
 * sending side; inbox, batches and dead letters on the receiving side.
 */
@NullMarked
package dev.sagamart.platform.messaging;

import org.jspecify.annotations.NullMarked;
