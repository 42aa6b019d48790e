package dev.sagamart.e2e;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test that takes minutes. {@code .ci/run} leaves it out every other day, so that it
 * stays short. {@code -Dsagamart.test.turn} is the turn that runs; without it, all run.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(InTurn.Condition.class)
public @interface InTurn {

	/** The turn of the test: 0 or 1. */
	int value();

	class Condition implements ExecutionCondition {

		private static final String ALL = "all";

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			String now = System.getProperty("sagamart.test.turn", ALL);
			return AnnotationSupport.findAnnotation(context.getTestClass(), InTurn.class)
				.map(InTurn::value)
				.filter((own) -> !now.equals(ALL) && !now.equals(own.toString()))
				.map((own) -> ConditionEvaluationResult.disabled("Runs in turn " + own))
				.orElse(ConditionEvaluationResult.enabled("Runs in turn " + now));
		}

	}

}
