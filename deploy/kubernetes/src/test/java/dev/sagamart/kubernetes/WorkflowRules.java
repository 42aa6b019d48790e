package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for the workflows of GitHub Actions. */
final class WorkflowRules {

	private static final Set<String> WORKFLOW = Set.of("name", "on", "permissions", "concurrency", "jobs");

	private static final Set<String> JOB = Set.of("needs", "if", "strategy", "runs-on", "timeout-minutes",
			"environment", "permissions", "outputs", "env", "steps", "uses", "with", "secrets");

	private static final Set<String> STEP = Set.of("id", "name", "if", "uses", "with", "env", "run");

	/** These events run with the repository's rights on code or data of any user. */
	private static final Set<String> DANGEROUS = Set.of("pull_request_target", "workflow_run", "issue_comment");

	private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");

	private static final Pattern FILE = Pattern.compile("(?<![\\w/.$-])(?:\\./[\\w-]+|(?:\\.ci|deploy)/[\\w./-]+)");

	private final Path root;

	private final String text;

	private final List<String> findings = new ArrayList<>();

	private WorkflowRules(Path root, String text) {
		this.root = root;
		this.text = text;
	}

	/**
	 * Returns the violations of a workflow.
	 * @param root the repository's directory
	 */
	static List<String> findings(Path root, String workflow) {
		WorkflowRules rules = new WorkflowRules(root, workflow);
		rules.checkWorkflow(Yaml.value(workflow));
		return List.copyOf(rules.findings);
	}

	private void checkWorkflow(JsonNode workflow) {
		checkFields("the workflow", workflow, WORKFLOW);
		for (String field : WORKFLOW) {
			require(workflow.has(field), "the workflow has no " + field);
		}
		workflow.path("on")
			.fieldNames()
			.forEachRemaining((event) -> require(!DANGEROUS.contains(event), "on " + event));
		require(Yaml.stream(workflow.path("permissions")).allMatch((right) -> right.asText().equals("read")),
				"the workflow's permissions are more than read");
		require(workflow.path("permissions").isObject(), "the workflow's permissions are not listed");
		for (Map.Entry<String, JsonNode> job : workflow.path("jobs").properties()) {
			checkJob(job.getKey(), job.getValue(), workflow.path("jobs"));
		}
	}

	private void checkJob(String name, JsonNode job, JsonNode jobs) {
		checkFields(name, job, JOB);
		require(job.path("permissions").isObject(), name + ": permissions are not listed");
		JsonNode needs = job.path("needs");
		(needs.isTextual() ? List.of(needs) : (Iterable<JsonNode>) needs)
			.forEach((need) -> require(jobs.has(need.asText()), name + ": needs " + need.asText()));
		if (job.has("uses")) {
			checkAction(name, job.path("uses").asText());
		}
		else {
			require(job.path("timeout-minutes").isInt(), name + ": no timeout-minutes");
			require(!job.path("runs-on").asText().endsWith("-latest"), name + ": must not run on a latest version");
			require(!job.path("steps").isEmpty(), name + ": no steps");
			job.path("steps").forEach((step) -> checkStep(name, step));
		}
	}

	private void checkStep(String job, JsonNode step) {
		checkFields(job, step, STEP);
		require(step.has("uses") != step.has("run"), job + ": a step must have either uses or run");
		String action = step.path("uses").asText();
		if (step.has("uses")) {
			checkAction(job, action);
		}
		require(!action.startsWith("actions/checkout@")
				|| step.at("/with/persist-credentials").asText().equals("false"),
				job + ": checkout must not persist credentials");
		String script = step.path("run").asText();
		require(!script.contains("${{"), job + ": a script must not contain an expression; use its env");
		FILE.matcher(script)
			.results()
			.map((file) -> file.group())
			.forEach((file) -> require(Files.isReadable(this.root.resolve(file)), job + ": there is no " + file));
	}

	private void checkAction(String job, String action) {
		if (action.startsWith("./")) {
			require(Files.isReadable(this.root.resolve(action)), job + ": there is no " + action);
		}
		else {
			require(PINNED.matcher(action).matches(), job + ": " + action + " is not pinned");
			require(Pattern.compile(Pattern.quote(action) + " # v\\d+\\.\\d+\\.\\d+\\R").matcher(this.text).find(),
					job + ": " + action + " has no comment with its version");
		}
	}

	private void checkFields(String where, JsonNode node, Set<String> known) {
		node.fieldNames()
			.forEachRemaining((field) -> require(known.contains(field), where + ": unknown field " + field));
	}

	private void require(boolean satisfied, String finding) {
		if (!satisfied) {
			this.findings.add(finding);
		}
	}

}
