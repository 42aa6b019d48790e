/** Samples over HTTP. */
@NullMarked
package dev.sagamart.samples.sample.web;

import org.jspecify.annotations.NullMarked;
