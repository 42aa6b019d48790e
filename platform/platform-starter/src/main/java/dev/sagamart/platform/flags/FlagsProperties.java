package dev.sagamart.platform.flags;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where feature flags come from.
 *
 * @param file definitions in the format of flagd; read again when it changes. Without
 * one, every flag has the value that the code names
 * @param flagd host and port of a flagd, which is then asked in place of the file; needs
 * {@code dev.openfeature.contrib.providers:flagd} on the class path
 */
@ConfigurationProperties("sagamart.flags")
record FlagsProperties(@Nullable Path file, @Nullable String flagd) {
}
