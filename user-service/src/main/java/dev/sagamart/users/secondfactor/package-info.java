/**
 * A second factor for log-ins: codes that change with time, made by an app, and recovery
 * codes for whoever has lost it. Who is asked for them, and when, is decided where
 * somebody logs in.
 */
@NullMarked
package dev.sagamart.users.secondfactor;

import org.jspecify.annotations.NullMarked;
