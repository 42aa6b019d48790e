@NullMarked
package dev.sagamart.bad.shop.web;

import org.jspecify.annotations.NullMarked;
