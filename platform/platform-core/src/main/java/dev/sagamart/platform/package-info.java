/** The defaults that the gateway and every service start from. */
@NullMarked
package dev.sagamart.platform;

import org.jspecify.annotations.NullMarked;
