/** What happens when more is asked than can be done. */
@NullMarked
package dev.sagamart.gateway.overload;

import org.jspecify.annotations.NullMarked;
