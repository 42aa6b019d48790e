package dev.sagamart.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;

/** What the services themselves count, from their Prometheus endpoints. */
final class Meters {

	private final HttpClient http;

	private final List<URI> endpoints;

	Meters(HttpClient http, List<URI> endpoints) {
		this.http = http;
		this.endpoints = List.copyOf(endpoints);
	}

	/** The sum of a metric over all services; NaN if none has it. */
	double sum(String metric) {
		// To tell all of them each second would cost more than an order does.
		return sum(this.endpoints.stream()
			.mapToDouble((endpoint) -> sum(scrape(URI.create(endpoint + "?includedNames=" + metric)), metric)));
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

	private String scrape(URI endpoint) {
		try {
			HttpRequest request = HttpRequest.newBuilder(endpoint).timeout(Duration.ofSeconds(5)).build();
			HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
			return (response.statusCode() == 200) ? response.body() : "";
		}
		catch (IOException ex) {
			return "";
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "";
		}
	}

}
