package dev.sagamart.platform.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the OpenAPI document must say about an operation and cannot see: see
 * {@link DerivedAnswers} for what it can.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Answers {

	/**
	 * Statuses besides the derived ones. Those below 300 replace the status that the
	 * method's form suggests.
	 */
	int[] value() default {};

	/** Derived statuses that cannot occur here after all. */
	int[] never() default {};

	/** What a successful answer holds, where the method's return type does not tell. */
	Class<?> body() default void.class;

}
