package dev.sagamart.e2e.contract;

import dev.sagamart.e2e.contract.Generator.GeneratedRequest;
import dev.sagamart.e2e.contract.OpenApi.Operation;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the responses of a service against its document and records which documented
 * ones occurred.
 */
final class ResponseChecker {

	private static final Pattern LEAK = Pattern
		.compile("(?i)\\b(java|jakarta|org\\.(springframework|hibernate|postgresql|apache)|tools\\.jackson|io\\.netty|"
				+ "reactor|dev\\.sagamart)\\.[a-z]|Exception\\b|\\bat [a-z.]+\\(|\\binsert into\\b|hikari|jdbc:");

	private final OpenApi api;

	private final Set<Integer> common;

	private final Map<String, Set<Integer>> statuses = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

	private final AtomicInteger responses = new AtomicInteger();

	private final AtomicInteger busy = new AtomicInteger();

	ResponseChecker(OpenApi api) {
		this.api = api;
		this.common = api.commonStatuses();
	}

	/** A response; the body is empty if it was not read. */
	record Response(int status, HttpHeaders headers, String body) {
	}

	void check(Operation operation, GeneratedRequest request, Response response) {
		this.responses.incrementAndGet();
		this.statuses.computeIfAbsent(operation.toString(), (name) -> ConcurrentHashMap.newKeySet())
			.add(response.status());
		for (String violation : responseViolations(operation, response)) {
			this.violations.add(operation + ": " + response.status() + " " + violation + "\n    " + request + "\n    "
					+ response.body().substring(0, Math.min(300, response.body().length())));
		}
	}

	private List<String> responseViolations(Operation operation, Response response) {
		List<String> violations = new ArrayList<>();
		int status = response.status();
		if (status == 503 && response.headers().firstValue("Retry-After").isPresent()) {
			this.busy.incrementAndGet();
		}
		else if (status >= 500) {
			violations.add("is a server error");
		}
		boolean documented = operation.responses().containsKey(status);
		if (!documented && !this.common.contains(status)) {
			violations.add("is not documented");
		}
		if (LEAK.matcher(response.body()).find()) {
			violations.add("reveals internals");
		}
		String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
		if (status >= 400) {
			violations.addAll(problemViolations(response, type));
		}
		else if (documented && type.equals("application/json")) {
			violations.addAll(
					this.api.schemaViolations(operation.responses().get(status).path("application/json").path("schema"),
							JsonMapper.shared().readTree(response.body())));
		}
		else if (documented && !type.isEmpty() && !operation.responses().get(status).has(type)) {
			violations.add("has the undocumented type " + type);
		}
		return violations;
	}

	private List<String> problemViolations(Response response, String type) {
		if (!type.equals("application/problem+json")) {
			return List.of("is not a problem but " + type);
		}
		try {
			JsonNode problem = JsonMapper.shared().readTree(response.body());
			List<String> violations = new ArrayList<>(this.api.schemaViolations(this.api.problem(), problem));
			if (problem.path("status").asInt(0) != response.status()) {
				violations.add("has another status in its body");
			}
			if (!problem.path("correlationId")
				.asString("")
				.equals(response.headers().firstValue("X-Correlation-Id").orElse("-"))) {
				violations.add("has another correlation id in its body");
			}
			return violations;
		}
		catch (JacksonException _) {
			return List.of("is not JSON");
		}
	}

	/** The violations, each kind once. */
	List<String> violations() {
		Map<String, String> kinds = new TreeMap<>();
		this.violations.forEach((violation) -> kinds
			.putIfAbsent(violation.replaceAll("(?s)\n.*", "").replaceAll("\\d{2,}", "#"), violation));
		return List.copyOf(kinds.values());
	}

	/** The documented responses that did not occur, as {@code GET /path: 404}. */
	Set<String> missing() {
		Set<String> missing = new TreeSet<>();
		for (Operation operation : this.api.operations()) {
			Set<Integer> seen = this.statuses.getOrDefault(operation.toString(), Set.of());
			operation.responses()
				.keySet()
				.stream()
				.filter((status) -> !seen.contains(status))
				.forEach((status) -> missing.add(operation + ": " + status));
		}
		return missing;
	}

	int responses() {
		return this.responses.get();
	}

	/** The number of 503 responses with Retry-After. */
	int busy() {
		return this.busy.get();
	}

}
