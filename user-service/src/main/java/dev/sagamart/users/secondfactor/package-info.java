/**
 * The second factor for log-ins: codes of an app, and recovery codes for users who lose
 * it. The package {@code session} decides when they are needed.
 */
@NullMarked
package dev.sagamart.users.secondfactor;

import org.jspecify.annotations.NullMarked;
