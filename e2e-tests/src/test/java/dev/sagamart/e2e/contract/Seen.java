package dev.sagamart.e2e.contract;

import dev.sagamart.e2e.contract.Generator.Made;
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
import dev.sagamart.e2e.client.Json;

/**
 * What a service answered: which documented answers were seen, and which answers should
 * not have been.
 */
final class Seen {

	private static final Pattern LEAK = Pattern
		.compile("(?i)\\b(java|jakarta|org\\.(springframework|hibernate|postgresql|apache)|tools\\.jackson|io\\.netty|"
				+ "reactor|dev\\.sagamart)\\.[a-z]|Exception\\b|\\bat [a-z.]+\\(|\\binsert into\\b|hikari|jdbc:");

	private final OpenApi api;

	private final Set<Integer> common;

	private final Map<String, Set<Integer>> statuses = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answers = new AtomicInteger();

	private final AtomicInteger busy = new AtomicInteger();

	Seen(OpenApi api) {
		this.api = api;
		this.common = api.commonStatuses();
	}

	/** An answer; the body is empty where it was not read. */
	record Answer(int status, HttpHeaders headers, String body) {
	}

	void check(Operation operation, Made request, Answer answer) {
		this.answers.incrementAndGet();
		this.statuses.computeIfAbsent(operation.toString(), (name) -> ConcurrentHashMap.newKeySet())
			.add(answer.status());
		for (String wrong : wrongs(operation, answer)) {
			this.complaints.add(operation + ": " + answer.status() + " " + wrong + "\n    " + request + "\n    "
					+ answer.body().substring(0, Math.min(300, answer.body().length())));
		}
	}

	private List<String> wrongs(Operation operation, Answer answer) {
		List<String> wrongs = new ArrayList<>();
		int status = answer.status();
		if (status == 503 && answer.headers().firstValue("Retry-After").isPresent()) {
			this.busy.incrementAndGet();
		}
		else if (status >= 500) {
			wrongs.add("is a failure");
		}
		boolean documented = operation.answers().containsKey(status);
		if (!documented && !this.common.contains(status)) {
			wrongs.add("is not documented");
		}
		if (LEAK.matcher(answer.body()).find()) {
			wrongs.add("tells about the inside");
		}
		String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
		if (status >= 400) {
			wrongs.addAll(wrongsOfProblem(answer, type));
		}
		else if (documented && type.equals("application/json")) {
			wrongs.addAll(this.api.misfits(operation.answers().get(status).path("application/json").path("schema"),
					Json.tree(answer.body())));
		}
		else if (documented && !type.isEmpty() && !operation.answers().get(status).has(type)) {
			wrongs.add("has the undocumented type " + type);
		}
		return wrongs;
	}

	private List<String> wrongsOfProblem(Answer answer, String type) {
		if (!type.equals("application/problem+json")) {
			return List.of("is no problem but " + type);
		}
		try {
			JsonNode problem = Json.tree(answer.body());
			List<String> wrongs = new ArrayList<>(this.api.misfits(this.api.problem(), problem));
			if (problem.path("status").asInt(0) != answer.status()) {
				wrongs.add("has another status in its body");
			}
			if (!problem.path("correlationId")
				.asString("")
				.equals(answer.headers().firstValue("X-Correlation-Id").orElse("-"))) {
				wrongs.add("has another correlation id in its body");
			}
			return wrongs;
		}
		catch (JacksonException _) {
			return List.of("is not JSON");
		}
	}

	/** What should not have been, each kind once. */
	List<String> complaints() {
		Map<String, String> kinds = new TreeMap<>();
		this.complaints.forEach((complaint) -> kinds
			.putIfAbsent(complaint.replaceAll("(?s)\n.*", "").replaceAll("\\d{2,}", "#"), complaint));
		return List.copyOf(kinds.values());
	}

	/** Documented answers that nobody got, as {@code GET /path: 404}. */
	Set<String> missing() {
		Set<String> missing = new TreeSet<>();
		for (Operation operation : this.api.operations()) {
			Set<Integer> seen = this.statuses.getOrDefault(operation.toString(), Set.of());
			operation.answers()
				.keySet()
				.stream()
				.filter((status) -> !seen.contains(status))
				.forEach((status) -> missing.add(operation + ": " + status));
		}
		return missing;
	}

	int answers() {
		return this.answers.get();
	}

	/** How many asked to come back later. */
	int busy() {
		return this.busy.get();
	}

}
