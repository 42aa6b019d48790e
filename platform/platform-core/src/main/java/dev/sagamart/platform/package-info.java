/** Configuration defaults that the gateway and every service share. */
@NullMarked
package dev.sagamart.platform;

import org.jspecify.annotations.NullMarked;
