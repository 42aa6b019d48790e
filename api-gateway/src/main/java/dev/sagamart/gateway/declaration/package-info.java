/** What {@code platform.yml} says of the services and their paths. */
@NullMarked
package dev.sagamart.gateway.declaration;

import org.jspecify.annotations.NullMarked;
