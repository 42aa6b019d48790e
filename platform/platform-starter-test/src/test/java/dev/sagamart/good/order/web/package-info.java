@NullMarked
package dev.sagamart.good.order.web;

import org.jspecify.annotations.NullMarked;
