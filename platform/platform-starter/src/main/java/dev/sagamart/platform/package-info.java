/** The defaults that every service starts from. */
@NullMarked
package dev.sagamart.platform;

import org.jspecify.annotations.NullMarked;
