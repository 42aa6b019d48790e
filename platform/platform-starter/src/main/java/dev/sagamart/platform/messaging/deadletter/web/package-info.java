/** Dead letters over HTTP. */
@NullMarked
package dev.sagamart.platform.messaging.deadletter.web;

import org.jspecify.annotations.NullMarked;
