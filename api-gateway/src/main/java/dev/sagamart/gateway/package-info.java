/** The one way in from outside. */
@NullMarked
package dev.sagamart.gateway;

import org.jspecify.annotations.NullMarked;
