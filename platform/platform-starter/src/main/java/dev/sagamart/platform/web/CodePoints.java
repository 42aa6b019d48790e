package dev.sagamart.platform.web;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * The length of a text in Unicode code points, which is what people count as characters.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Constraint(validatedBy = CodePoints.Validator.class)
public @interface CodePoints {

	int min() default 0;

	int max();

	String message() default "must have between {min} and {max} characters";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	final class Validator implements ConstraintValidator<CodePoints, CharSequence> {

		private int min;

		private int max;

		@Override
		public void initialize(CodePoints annotation) {
			this.min = annotation.min();
			this.max = annotation.max();
		}

		@Override
		public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
			if (text == null) {
				return true;
			}
			int length = Character.codePointCount(text, 0, text.length());
			return length >= this.min && length <= this.max;
		}

	}

}
