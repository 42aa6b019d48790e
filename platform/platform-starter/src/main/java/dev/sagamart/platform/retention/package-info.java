/** How long rows are kept that are no business records. */
@NullMarked
package dev.sagamart.platform.retention;

import org.jspecify.annotations.NullMarked;
