package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;

/** What the services themselves count, from their Prometheus endpoints. */
final class Meters {

	private final Session anybody;

	private final List<String> endpoints;

	Meters(Session anybody, List<String> endpoints) {
		this.anybody = anybody;
		this.endpoints = List.copyOf(endpoints);
	}

	/** The sum of a metric over all services; NaN if none has it. */
	double sum(String metric) {
		// To tell all of them each second would cost more than an order does.
		return sum(this.endpoints.stream()
			.mapToDouble((endpoint) -> sum(scrape(endpoint + "?includedNames=" + metric), metric)));
	}

	/** The sum of all series of a metric in Prometheus' text form. */
	static double sum(String text, String metric) {
		return sum(text.lines()
			.filter((line) -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
	}

	/** Of those that are known; NaN if none is. */
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
