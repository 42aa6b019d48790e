package dev.sagamart.e2e.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Values of counters by name, which contains the unit: until a point in time, or between
 * two. Unknown counters are missing.
 */
record CounterValues(Map<String, Double> values) {

	CounterValues {
		values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	/**
	 * The increase since an earlier reading. A counter that has decreased was reset by a
	 * restart; its increase is unknown.
	 */
	CounterValues since(CounterValues earlier) {
		Map<String, Double> grown = new LinkedHashMap<>(minus(earlier).values);
		grown.values().removeIf((value) -> value < 0);
		return new CounterValues(grown);
	}

	/** The differences of the counters that both contain. */
	CounterValues minus(CounterValues others) {
		return with(others, (ours, theirs) -> ours - theirs);
	}

	CounterValues times(double factor) {
		return with(this, (value, _) -> value * factor);
	}

	private CounterValues with(CounterValues others, DoubleBinaryOperator operator) {
		Map<String, Double> combined = new LinkedHashMap<>();
		this.values.forEach((name, value) -> {
			Double other = others.values.get(name);
			if (other != null) {
				combined.put(name, operator.applyAsDouble(value, other));
			}
		});
		return new CounterValues(combined);
	}

}
