/**
 * Checks of stored data without the platform's APIs: the services' schemas and the
 * payment provider's books.
 */
@NullMarked
package dev.sagamart.e2e.books;

import org.jspecify.annotations.NullMarked;
