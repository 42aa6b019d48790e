/**
 * Tests the behaviour of the services against their published OpenAPI documents.
 */
@NullMarked
package dev.sagamart.e2e.contract;

import org.jspecify.annotations.NullMarked;
