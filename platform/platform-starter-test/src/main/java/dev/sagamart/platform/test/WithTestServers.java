package dev.sagamart.platform.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Provides {@link TestServers} (as the properties that the launcher sets),
 * {@link TestTokens} and {@link KafkaMessages} to the context of a test. For test slices;
 * {@link PlatformTest} includes it. A server starts only when its property is read.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import(TestServersConfiguration.class)
public @interface WithTestServers {

}
