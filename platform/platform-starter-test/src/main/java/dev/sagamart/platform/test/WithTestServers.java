package dev.sagamart.platform.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Gives a test's context the {@link TestServers}, {@link TestTokens} and
 * {@link KafkaMessages}: the servers as the properties that the launcher sets. For
 * slices; {@link PlatformTest} has it already. No server is started before something in
 * the context asks for its address.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import(TestServersConfiguration.class)
public @interface WithTestServers {

}
