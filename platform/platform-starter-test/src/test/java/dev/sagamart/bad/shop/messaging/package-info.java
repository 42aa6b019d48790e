@NullMarked
package dev.sagamart.bad.shop.messaging;

import org.jspecify.annotations.NullMarked;
