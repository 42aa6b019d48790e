/**
 * Messages that are neither lost nor handled twice. {@code outbox} sends what commits, in
 * order; {@code inbox} receives in batches and handles each message once;
 * {@code deadletter} keeps what cannot be handled; {@code wire} is the form of a message
 * in Kafka.
 */
@NullMarked
package dev.sagamart.platform.messaging;

import org.jspecify.annotations.NullMarked;
