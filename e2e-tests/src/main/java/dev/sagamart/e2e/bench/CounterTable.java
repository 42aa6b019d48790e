package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.Options.Phase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counters per request or order: including what the idle platform does in the same
 * time and, if the phase idle was measured, without it.
 */
final class CounterTable {

	private static final String COUNTED = "Counted until every order was settled;"
			+ " \"without idle\" excludes what the idle platform does in the same time.";

	private static final String COUNTED_WITH_IDLE = ("Counted until %d s after every order was settled, including what the"
			+ " idle platform does in that time; run the phase idle to measure it.")
		.formatted(Counters.REPORT_DELAY.toSeconds());

	private CounterTable() {
	}

	/** The table as Markdown; empty without any counters. */
	static String of(List<Outcome> outcomes) {
		CounterValues idle = outcomes.stream()
			.filter((outcome) -> outcome.phase() == Phase.IDLE)
			.map((outcome) -> outcome.perSecond())
			.findFirst()
			.orElse(null);
		List<Column> columns = outcomes.stream().flatMap((outcome) -> columns(outcome, idle)).toList();
		Set<String> names = outcomes.stream()
			.flatMap((outcome) -> outcome.counts().values().keySet().stream())
			.collect(Collectors.toCollection(LinkedHashSet::new));
		if (names.isEmpty()) {
			return "";
		}
		StringBuilder text = new StringBuilder();
		text.append(Report.row("counts", columns.stream().map(Column::title)));
		text.append(Report.row("---", columns.stream().map((_) -> "---:")));
		names.forEach((name) -> text.append(Report.row(name, columns.stream().map((column) -> column.cell(name)))));
		return text.append('\n').append((idle != null) ? COUNTED : COUNTED_WITH_IDLE).append('\n').toString();
	}

	private static Stream<Column> columns(Outcome outcome, @Nullable CounterValues idle) {
		String title = outcome.phase().optionName() + ", per " + outcome.phase().unit();
		if (outcome.phase() == Phase.IDLE) {
			return Stream.of(new Column(title, outcome.perSecond()));
		}
		double one = 1.0 / outcome.units();
		if (idle == null) {
			return Stream.of(new Column(title, outcome.counts().times(one)));
		}
		CounterValues all = outcome.counts().minus(idle.times(Counters.REPORT_DELAY.toMillis() / 1e3));
		return Stream.of(new Column(title, all.times(one)),
				new Column("without idle", all.minus(idle.times(outcome.seconds())).times(one)));
	}

	private record Column(String title, CounterValues counts) {

		private String cell(String name) {
			Double value = this.counts.values().get(name);
			if (value == null || !Double.isFinite(value)) {
				return "–";
			}
			return ((Math.abs(value) < 10) ? "%.2f" : "%.0f").formatted(Math.round(value * 100) / 100.0);
		}

	}

}
