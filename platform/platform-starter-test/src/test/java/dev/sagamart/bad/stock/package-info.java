@NullMarked
package dev.sagamart.bad.stock;

import org.jspecify.annotations.NullMarked;
