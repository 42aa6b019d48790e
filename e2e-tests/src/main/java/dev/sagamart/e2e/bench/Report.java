package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.LoadGenerator.Result;
import dev.sagamart.e2e.bench.Options.Phase;
import dev.sagamart.local.PartName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats the results as Markdown. */
final class Report {

	private final StringBuilder text = new StringBuilder();

	private Report() {
	}

	static String of(Options options, List<Outcome> outcomes, Map<String, String> checks) {
		Report report = new Report();
		report.heading(options);
		report.requests(outcomes);
		report.orders(outcomes);
		report.processes(outcomes);
		report.line(CounterTable.of(outcomes));
		report.checks(checks);
		return report.text.toString();
	}

	private void heading(Options options) {
		line("# Benchmark of Sagamart");
		line("");
		line("%s, %s, %d processors shared by the platform, its servers and this load generator; %d buyers, %d products."
			.formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), options.url(),
					Runtime.getRuntime().availableProcessors(), options.users(), options.products()));
		line(ProcessUsage.compilation(options.pidFiles()));
		line("");
	}

	private void requests(List<Outcome> outcomes) {
		line("| phase | requests | requests/s | p50 ms | p95 ms | p99 ms | failed |");
		line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
		for (Outcome outcome : outcomes) {
			Result result = outcome.result();
			if (outcome.phase() == Phase.IDLE) {
				continue;
			}
			row("**" + outcome.phase().optionName() + "**", result.succeeded(), result.seconds(), result.overall(),
					(result.failed() == 0) ? "0" : result.failed() + " " + result.failures());
			if (result.latencies().size() > 1) {
				result.latencies()
					.forEach((kind, latencies) -> row("– " + kind, latencies.count(), result.seconds(), latencies, ""));
			}
		}
		line("");
	}

	private void row(String name, int count, double seconds, Latencies latencies, String failed) {
		line("| %s | %d | %.0f | %s | %s |".formatted(name, count, count / seconds, percentiles(latencies), failed));
	}

	private void orders(List<Outcome> outcomes) {
		if (outcomes.stream().allMatch((outcome) -> outcome.orders() == null)) {
			return;
		}
		line("| orders of phase | accepted | confirmed | confirmed/s | accepted → CONFIRMED p50 ms | p95 ms | p99 ms "
				+ "| seen by the client p50 ms | p95 ms | p99 ms | outbox peak | lag peak |");
		line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
		for (Outcome outcome : outcomes) {
			Outcome.Orders orders = outcome.orders();
			if (orders != null) {
				line("| %s | %d | %d | %.1f | %s | %s | %s | %s |".formatted(outcome.phase().optionName(),
						orders.accepted(), orders.confirmed(), orders.perSecond(), percentiles(orders.latencies()),
						percentiles(orders.seen()), whole(orders.outboxPeak()), whole(orders.lagPeak())));
			}
		}
		line("");
	}

	private void processes(List<Outcome> outcomes) {
		Set<String> names = new TreeSet<>();
		outcomes.forEach((outcome) -> names.addAll(outcome.usage().parts().keySet()));
		if (names.isEmpty()) {
			return;
		}
		this.text.append(row("processor seconds, memory", Stream.concat(
				outcomes.stream().map((outcome) -> outcome.phase().optionName()), Stream.of("RSS MiB at the end"))));
		this.text.append(row("---", Stream.generate(() -> "---:").limit(outcomes.size() + 1L)));
		for (String name : names) {
			Stream<String> seconds = outcomes.stream()
				.map((outcome) -> "%.1f".formatted(outcome.cpu().getOrDefault(name, 0.0)));
			this.text.append(row(name,
					Stream.concat(seconds, Stream.of(Long.toString(mebibytes(outcomes.getLast(), Set.of(name)))))));
		}
		List<String> services = PartName.SERVICES.stream().map(PartName::text).toList();
		if (names.containsAll(services)) {
			line("");
			line("Resident memory of the five services together: %d MiB."
				.formatted(mebibytes(outcomes.getLast(), services)));
		}
		line("");
	}

	private static long mebibytes(Outcome outcome, Collection<String> names) {
		return outcome.usage()
			.parts()
			.entrySet()
			.stream()
			.filter((part) -> names.contains(part.getKey()))
			.mapToLong((part) -> part.getValue().residentBytes())
			.sum() >> 20;
	}

	private void checks(Map<String, String> checks) {
		line("| check | holds |");
		line("| --- | --- |");
		checks.forEach((check, verdict) -> line("| " + check + " | " + verdict.replace("|", "/") + " |"));
	}

	/** A row of a table in Markdown. */
	static String row(String name, Stream<String> cells) {
		return "| " + name + " | " + cells.collect(Collectors.joining(" | ")) + " |\n";
	}

	private static String percentiles(Latencies latencies) {
		return (latencies.count() == 0) ? "– | – | –" : "%.1f | %.1f | %.1f".formatted(latencies.percentile(50),
				latencies.percentile(95), latencies.percentile(99));
	}

	private static String whole(double value) {
		return Double.isNaN(value) ? "–" : "%.0f".formatted(value);
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
