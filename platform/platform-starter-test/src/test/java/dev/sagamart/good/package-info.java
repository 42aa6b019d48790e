@NullMarked
package dev.sagamart.good;

import org.jspecify.annotations.NullMarked;
