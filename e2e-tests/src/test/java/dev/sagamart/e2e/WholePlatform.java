package dev.sagamart.e2e;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of the {@link RunningPlatform}, which it gets as a parameter. Starting that
 * takes minutes, so the profile {@code full} has to ask for it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("slow")
@ExtendWith(PlatformExtension.class)
public @interface WholePlatform {

}
