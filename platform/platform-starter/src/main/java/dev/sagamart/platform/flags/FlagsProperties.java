package dev.sagamart.platform.flags;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The source of feature flags.
 *
 * @param file definitions in the format of flagd, read again when it changes. Without a
 * file, every flag has the default value in the code
 * @param flagd host and port of a flagd, which is used instead of the file; needs
 * {@code dev.openfeature.contrib.providers:flagd} on the class path
 */
@ConfigurationProperties("sagamart.flags")
record FlagsProperties(@Nullable Path file, @Nullable String flagd) {
}
