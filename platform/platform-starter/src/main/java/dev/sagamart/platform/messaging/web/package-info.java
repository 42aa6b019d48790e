/** Dead letters over HTTP. */
@NullMarked
package dev.sagamart.platform.messaging.web;

import org.jspecify.annotations.NullMarked;
