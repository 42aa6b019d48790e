/** Reads that may go to a replica of the database. */
@NullMarked
package dev.sagamart.platform.database;

import org.jspecify.annotations.NullMarked;
