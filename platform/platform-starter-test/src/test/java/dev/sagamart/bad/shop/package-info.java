@NullMarked
package dev.sagamart.bad.shop;

import org.jspecify.annotations.NullMarked;
