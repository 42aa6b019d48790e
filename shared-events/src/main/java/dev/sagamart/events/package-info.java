/**
 * The messages that services exchange: sealed families of records with stable wire names.
 * Nothing here knows Spring or a broker, so that a participant in another framework can
 * use it.
 */
@NullMarked
package dev.sagamart.events;

import org.jspecify.annotations.NullMarked;
