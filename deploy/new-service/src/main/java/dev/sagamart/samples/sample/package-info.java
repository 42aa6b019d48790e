/** What users write. */
@NullMarked
package dev.sagamart.samples.sample;

import org.jspecify.annotations.NullMarked;
