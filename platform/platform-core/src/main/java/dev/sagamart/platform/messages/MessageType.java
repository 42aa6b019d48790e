package dev.sagamart.platform.messages;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The wire name of a message with its version at the end: {@code note.written.v1}. It
 * never changes. A message whose meaning or required fields change becomes a new type
 * with a new version, and the old type stays.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MessageType {

	String value();

}
