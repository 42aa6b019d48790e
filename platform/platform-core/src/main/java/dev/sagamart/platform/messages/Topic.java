package dev.sagamart.platform.messages;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The Kafka topic of a family of messages, with settings for its creation. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Topic {

	/** The name of the topic, which never changes. */
	String value();

	/** Whether Kafka keeps the last message of every aggregate for ever. */
	boolean compacted() default false;

	/** The number of partitions; 0 for the default of the platform. */
	int partitions() default 0;

}
