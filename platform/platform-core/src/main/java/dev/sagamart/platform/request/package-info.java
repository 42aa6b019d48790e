/** What holds for every request, whoever answers it. */
@NullMarked
package dev.sagamart.platform.request;

import org.jspecify.annotations.NullMarked;
