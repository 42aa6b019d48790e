@NullMarked
package dev.sagamart.good.order;

import org.jspecify.annotations.NullMarked;
