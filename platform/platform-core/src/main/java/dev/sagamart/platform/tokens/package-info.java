/** What an access token allows, and whether it is still good. */
@NullMarked
package dev.sagamart.platform.tokens;

import org.jspecify.annotations.NullMarked;
