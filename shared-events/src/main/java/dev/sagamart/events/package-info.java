/**
 * The messages that services exchange, as sealed interfaces of records with stable names,
 * and the values that all services must understand in the same way: money, the amounts
 * that can be charged, the reasons of declined payments, addresses. Nothing here depends
 * on Spring or on a broker, so that a service with another framework can use it.
 */
@NullMarked
package dev.sagamart.events;

import org.jspecify.annotations.NullMarked;
