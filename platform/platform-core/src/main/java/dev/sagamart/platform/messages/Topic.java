package dev.sagamart.platform.messages;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The Kafka topic that carries a family of messages, and how it is made where services
 * make their topics themselves.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Topic {

	/** Its name, which never changes. */
	String value();

	/**
	 * Whether the last message about every aggregate stays for good, in place of all
	 * messages for a time.
	 */
	boolean compacted() default false;

	/** How many partitions it has; 0 for as many as services make by themselves. */
	int partitions() default 0;

}
