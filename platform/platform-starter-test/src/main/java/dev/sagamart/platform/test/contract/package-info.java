/**
 * Consumer-driven contracts: what a service reads of the messages of another service.
 */
@NullMarked
package dev.sagamart.platform.test.contract;

import org.jspecify.annotations.NullMarked;
