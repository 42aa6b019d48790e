/**
 * A client of the public HTTP contract, as an outsider would write one: it shares no type
 * with the services, so that a change of the contract is noticed here.
 */
@NullMarked
package dev.sagamart.e2e.client;

import org.jspecify.annotations.NullMarked;
