/** Builds every variant of the manifests and checks it without a cluster. */
@NullMarked
package dev.sagamart.kubernetes;

import org.jspecify.annotations.NullMarked;
