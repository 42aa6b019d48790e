/**
 * What every HTTP API of the platform does alike: problem details, pages, idempotency
 * keys.
 */
@NullMarked
package dev.sagamart.platform.web;

import org.jspecify.annotations.NullMarked;
