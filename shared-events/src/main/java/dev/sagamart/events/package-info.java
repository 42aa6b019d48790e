/**
 * The messages that services exchange: sealed families of records with stable wire names;
 * and what all services have to mean alike: money and which amounts can be charged, why a
 * payment was declined, what an address is. Nothing here knows Spring or a broker, so
 * that a participant in another framework can use it.
 */
@NullMarked
package dev.sagamart.events;

import org.jspecify.annotations.NullMarked;
