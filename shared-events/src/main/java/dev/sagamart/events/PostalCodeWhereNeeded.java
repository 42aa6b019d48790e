package dev.sagamart.events;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Set;

/** An address of a country that exists, with a postal code if that country has them. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Constraint(validatedBy = PostalCodeWhereNeeded.Validator.class)
@interface PostalCodeWhereNeeded {

	/** The form of a country code, as a regular expression. */
	String COUNTRY = "[A-Z]{2}";

	String NO_COUNTRY = "must be an ISO 3166 alpha-2 code";

	String message() default "must not be blank in a country that has postal codes";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	final class Validator implements ConstraintValidator<PostalCodeWhereNeeded, PostalAddress> {

		private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

		/**
		 * Countries without postal codes, according to the address formats of Google's
		 * libaddressinput, and Guinea and North Korea, where a code may be left out. Some
		 * of these countries have introduced codes that hardly anybody uses.
		 */
		private static final Set<String> WITHOUT = Set.of("""
				AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GN GQ GY HK JM \
				KI KM KN KP LC LY ML MO MR MS MW NA NR NU PA PS QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV \
				UG VU WS YE ZW""".split(" "));

		@Override
		public boolean isValid(PostalAddress address, ConstraintValidatorContext context) {
			String country = address.country();
			if (country == null || !country.matches(COUNTRY)) {
				// The constraint of the field reports that.
				return true;
			}
			if (!COUNTRIES.contains(country)) {
				return refuse(context, "country", NO_COUNTRY);
			}
			return !PostalAddress.isNone(address.postalCode()) || WITHOUT.contains(country)
					|| refuse(context, "postalCode", context.getDefaultConstraintMessageTemplate());
		}

		private static boolean refuse(ConstraintValidatorContext context, String field, String message) {
			context.disableDefaultConstraintViolation();
			context.buildConstraintViolationWithTemplate(message).addPropertyNode(field).addConstraintViolation();
			return false;
		}

	}

}
