package dev.sagamart.e2e.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Figures by name, which says their unit: what was counted until a moment, or between
 * two. What is not known is not there.
 */
record Counts(Map<String, Double> values) {

	Counts {
		values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	/**
	 * What was counted after an earlier reading. Whoever tells less than before has begun
	 * anew, and what it counted is not known.
	 */
	Counts since(Counts earlier) {
		Map<String, Double> grown = new LinkedHashMap<>(minus(earlier).values);
		grown.values().removeIf((value) -> value < 0);
		return new Counts(grown);
	}

	/** The difference of what both know. */
	Counts minus(Counts others) {
		return with(others, (ours, theirs) -> ours - theirs);
	}

	Counts times(double factor) {
		return with(this, (value, _) -> value * factor);
	}

	private Counts with(Counts others, DoubleBinaryOperator operator) {
		Map<String, Double> combined = new LinkedHashMap<>();
		this.values.forEach((name, value) -> {
			Double other = others.values.get(name);
			if (other != null) {
				combined.put(name, operator.applyAsDouble(value, other));
			}
		});
		return new Counts(combined);
	}

}
