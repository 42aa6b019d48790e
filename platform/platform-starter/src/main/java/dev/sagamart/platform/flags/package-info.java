/** Feature flags by OpenFeature: from a file, the environment, or flagd. */
@NullMarked
package dev.sagamart.platform.flags;

import org.jspecify.annotations.NullMarked;
