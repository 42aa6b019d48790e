package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;

/** Reads metrics from the Prometheus endpoints of the services. */
record ServiceMetrics(Session anybody, List<String> endpoints) {

	/** The sum of a metric over all services; NaN if none has it. */
	double sum(String metric) {
		// Request one metric only: all metrics every second would cost more than an
		// order.
		return sum(this.endpoints.stream()
			.mapToDouble((endpoint) -> sum(scrape(endpoint + "?includedNames=" + metric), metric)));
	}

	/** The sum of all series of a metric in Prometheus' text form. */
	static double sum(String text, String metric) {
		return sum(text.lines()
			.filter((line) -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
	}

	/** The sum of the known values; NaN if there is none. */
	private static double sum(DoubleStream values) {
		return values.filter((value) -> !Double.isNaN(value)).reduce(Double::sum).orElse(Double.NaN);
	}

	private String scrape(String endpoint) {
		try {
			Reply reply = this.anybody.get(endpoint);
			return (reply.status() == 200) ? reply.body() : "";
		}
		catch (UncheckedIOException ex) {
			return "";
		}
	}

}
