@NullMarked
package dev.sagamart.platform.database;

import org.jspecify.annotations.NullMarked;
