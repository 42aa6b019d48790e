/** What must not lie readable in the database: keys, and who people are. */
@NullMarked
package dev.sagamart.platform.encryption;

import org.jspecify.annotations.NullMarked;
