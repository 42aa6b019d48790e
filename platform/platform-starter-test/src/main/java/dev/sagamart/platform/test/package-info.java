/**
 * What the tests of every service share: real servers, tokens, messages, and the
 * architecture rules.
 */
@NullMarked
package dev.sagamart.platform.test;

import org.jspecify.annotations.NullMarked;
