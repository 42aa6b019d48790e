/** What a message is, for whoever sends, receives or only declares some. */
@NullMarked
package dev.sagamart.platform.messages;

import org.jspecify.annotations.NullMarked;
