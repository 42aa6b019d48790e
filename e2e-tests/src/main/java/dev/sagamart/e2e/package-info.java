@NullMarked
package dev.sagamart.e2e;

import org.jspecify.annotations.NullMarked;
