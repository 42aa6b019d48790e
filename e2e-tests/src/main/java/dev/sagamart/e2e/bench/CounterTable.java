package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.Options.Phase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was counted, per request or order: with what the platform did anyway from the
 * first request until it was quiet, and without, if it is known what that is.
 */
final class CountsTable {

	private static final String COUNTED = "Counted until every order was at an end;"
			+ " \"without idle\" is less what the idle platform does in the same time.";

	private static final String COUNTED_WITH_REST = ("Counted until %d s after every order was at an end, with what the"
			+ " idle platform does in that time: the phase idle tells how much it is.")
		.formatted(Counters.REST.toSeconds());

	private CountsTable() {
	}

	/** As Markdown; empty if nothing is known. */
	static String of(List<Outcome> outcomes) {
		Counts idle = outcomes.stream()
			.filter((outcome) -> outcome.phase() == Phase.IDLE)
			.map((outcome) -> outcome.counted().perSecond())
			.findFirst()
			.orElse(null);
		List<Column> columns = outcomes.stream().flatMap((outcome) -> columns(outcome, idle)).toList();
		Set<String> names = outcomes.stream()
			.flatMap((outcome) -> outcome.counted().counts().values().keySet().stream())
			.collect(Collectors.toCollection(LinkedHashSet::new));
		if (names.isEmpty()) {
			return "";
		}
		StringBuilder text = new StringBuilder();
		text.append(row("counts", columns.stream().map(Column::title)));
		text.append(row("---", columns.stream().map((_) -> "---:")));
		names.forEach((name) -> text.append(row(name, columns.stream().map((column) -> column.cell(name)))));
		return text.append('\n').append((idle != null) ? COUNTED : COUNTED_WITH_REST).append('\n').toString();
	}

	private static Stream<Column> columns(Outcome outcome, @Nullable Counts idle) {
		Outcome.Counted counted = outcome.counted();
		String title = outcome.phase().word() + ", per " + outcome.phase().unit();
		if (outcome.phase() == Phase.IDLE) {
			return Stream.of(new Column(title, counted.perSecond()));
		}
		double one = 1.0 / outcome.units();
		if (idle == null) {
			return Stream.of(new Column(title, counted.counts().times(one)));
		}
		Counts all = counted.counts().minus(idle.times(Counters.REST.toMillis() / 1e3));
		return Stream.of(new Column(title, all.times(one)),
				new Column("without idle", all.minus(idle.times(counted.seconds())).times(one)));
	}

	private static String row(String name, Stream<String> cells) {
		return "| " + name + " | " + cells.collect(Collectors.joining(" | ")) + " |\n";
	}

	private record Column(String title, Counts counts) {

		private String cell(String name) {
			Double value = this.counts.values().get(name);
			if (value == null || !Double.isFinite(value)) {
				return "–";
			}
			return ((Math.abs(value) < 10) ? "%.2f" : "%.0f").formatted(Math.round(value * 100) / 100.0);
		}

	}

}
