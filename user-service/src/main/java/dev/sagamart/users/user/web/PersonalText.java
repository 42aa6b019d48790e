package dev.sagamart.users.user.web;

import dev.sagamart.platform.web.CodePoints;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One line of 1 to 100 characters, at least one of them visible. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Constraint(validatedBy = {})
@ReportAsSingleViolation
@CodePoints(min = 1, max = 100)
@Pattern(regexp = "[^\\p{Cc}]*[^\\p{C}\\p{Z}][^\\p{Cc}]*")
@interface PersonalText {

	String message() default "must have between 1 and 100 characters, in one line";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

}
