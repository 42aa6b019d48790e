package dev.sagamart.platform.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The statuses of an operation that the OpenAPI document cannot derive; see
 * {@link DerivedAnswers} for those that it can.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Answers {

	/**
	 * Statuses in addition to the derived ones. Those below 300 replace the derived
	 * status of success.
	 */
	int[] value() default {};

	/** Derived statuses that cannot occur. */
	int[] never() default {};

	/**
	 * The type of a successful answer, if the return type of the method does not say it.
	 */
	Class<?> body() default void.class;

}
