/**
 * A client of the public HTTP contract. It shares no types with the services, so that
 * tests notice a change of the contract.
 */
@NullMarked
package dev.sagamart.e2e.client;

import org.jspecify.annotations.NullMarked;
