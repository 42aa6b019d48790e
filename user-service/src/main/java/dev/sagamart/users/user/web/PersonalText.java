package dev.sagamart.users.user.web;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.validator.constraints.CodePointLength;

/**
 * One line of 1 to 100 characters, at least one of them visible, that no mail program
 * turns into a link: {@code J.R.R. Tolkien} is one, {@code evil.example} is not. Nothing
 * in it changes the direction of what stands around it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Constraint(validatedBy = {})
@ReportAsSingleViolation
@CodePointLength(min = 1, max = 100)
@Pattern(regexp = PersonalText.NO_LINK + PersonalText.CHARACTER + "*(?=[^\\p{C}\\p{Z}])" + PersonalText.CHARACTER + "+")
public @interface PersonalText {

	/** No "www.", and no dot between letters, unless one letter alone follows it. */
	String NO_LINK = "(?!.*[wW]{3}[.\\u3002\\uFF0E\\uFF61])"
			+ "(?!.*[\\p{L}\\p{M}\\p{N}][.\\u3002\\uFF0E\\uFF61][\\p{L}\\p{M}\\p{N}]{2})";

	/** Also what looks like the characters that addresses are made of. */
	String CHARACTER = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069"
			+ "/\\\\@:<>\\uFF0F\\uFF3C\\uFF20\\uFF1A\\uFF1C\\uFF1E]";

	String message() default "must have between 1 and 100 characters, in one line and without anything like a link:"
			+ " no / \\ @ : < > and a blank behind a dot";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

}
