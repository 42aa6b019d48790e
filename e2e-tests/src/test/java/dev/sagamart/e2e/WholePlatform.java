package dev.sagamart.e2e;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test with a parameter of type {@link RunningPlatform}. It runs only with the profile
 * {@code full}, because the start of the platform takes minutes.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("slow")
@ExtendWith(PlatformExtension.class)
public @interface WholePlatform {

}
