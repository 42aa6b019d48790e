/** Builds every variant of the manifests, and checks what a cluster would make of it. */
@NullMarked
package dev.sagamart.kubernetes;

import org.jspecify.annotations.NullMarked;
