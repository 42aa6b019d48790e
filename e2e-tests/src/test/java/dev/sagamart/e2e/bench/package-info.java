@NullMarked
package dev.sagamart.e2e.bench;

import org.jspecify.annotations.NullMarked;
