package dev.sagamart.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

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
		double sum = Double.NaN;
		for (URI endpoint : this.endpoints) {
			// To tell all of them each second would cost more than an order does.
			double value = sum(scrape(URI.create(endpoint + "?includedNames=" + metric)), metric);
			if (!Double.isNaN(value)) {
				sum = Double.isNaN(sum) ? value : sum + value;
			}
		}
		return sum;
	}

	/** The sum of all series of a metric in Prometheus' text form. */
	static double sum(String text, String metric) {
		double sum = Double.NaN;
		for (String line : text.lines().toList()) {
			if (line.startsWith(metric) && line.length() > metric.length()
					&& (line.charAt(metric.length()) == '{' || line.charAt(metric.length()) == ' ')) {
				double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
				if (!Double.isNaN(value)) {
					sum = Double.isNaN(sum) ? value : sum + value;
				}
			}
		}
		return sum;
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
