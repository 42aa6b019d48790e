/**
 * What the platform wrote down, read behind its back: the services' schemas and the
 * payment provider's books.
 */
@NullMarked
package dev.sagamart.e2e.books;

import org.jspecify.annotations.NullMarked;
