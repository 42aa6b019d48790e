/**
 * Consumer-driven contracts: what a service reads of another one's messages, as pacts.
 */
@NullMarked
package dev.sagamart.platform.test.contract;

import org.jspecify.annotations.NullMarked;
