@NullMarked
package dev.sagamart.simulator;

import org.jspecify.annotations.NullMarked;
