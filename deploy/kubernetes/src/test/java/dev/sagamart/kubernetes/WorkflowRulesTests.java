package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowRulesTests {

	private static final Path WORKFLOWS = Repository.ROOT.resolve(".github/workflows");

	@Test
	void everyWorkflowFollowsTheRules() throws IOException {
		List<Path> workflows;
		try (Stream<Path> files = Files.list(WORKFLOWS)) {
			workflows = files.toList();
		}
		assertThat(workflows).contains(WORKFLOWS.resolve("ci.yml"), WORKFLOWS.resolve("release.yml"),
				WORKFLOWS.resolve("deploy.yml"));
		assertThat(workflows).allSatisfy(
				(workflow) -> assertThat(WorkflowRules.findings(Repository.ROOT, Yaml.text(workflow))).isEmpty());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					ci.yml      | pull_request:                   | pull_request_target:             | on pull_request_target
					ci.yml      | permissions: {}                 | permissions: {contents: write}   | more than read
					ci.yml      | permissions: {}                 | permissions: write-all           | permissions are not listed
					ci.yml      | permissions: {}                 | `env: {}`                        | the workflow has no permissions
					ci.yml      | concurrency:                    | concurency:                      | unknown field concurency
					ci.yml      | timeout-minutes: 90             | timeout-minute: 90               | check: no timeout-minutes
					ci.yml      | runs-on: ubuntu-24.04           | runs-on: ubuntu-latest           | must not run on a latest version
					ci.yml      | @3d3c42e5aac5ba805825da76410c181273ba90b1 | @v7                    | actions/checkout@v7 is not pinned
					ci.yml      | ` # v7.0.1`                     | ``                               | has no comment with its version
					ci.yml      | ` # v7.0.1`                     | ` # v7`                          | has no comment with its version
					ci.yml      | persist-credentials: false      | persist-credentials: true        | checkout must not persist credentials
					ci.yml      | run: .ci/run                    | run: .ci/runs                    | there is no .ci/runs
					ci.yml      | run: deploy/compose-smoke.sh    | run: deploy/smoke.sh             | there is no deploy/smoke.sh
					ci.yml      | run: .ci/run                    | shell: bash                      | must have either uses or run
					release.yml | needs: version                  | needs: versions                  | check: needs versions
					release.yml | combine "$SERVICE"              | combine "${{ matrix.service }}"  | must not contain an expression
					release.yml | run: deploy/images push         | `run: echo ${{ github.event.head_commit.message }}` | must not contain an expression
					release.yml | uses: ./.github/workflows/ci.yml | uses: ./.github/workflows/c.yml | there is no ./.github/workflows/c.yml
					deploy.yml  | $RUNNER_TEMP/kubeconfig         | ${{ secrets.KUBECONFIG }}        | must not contain an expression
					""")
	void isFound(String workflow, String right, String wrong, String finding) {
		String text = Yaml.text(WORKFLOWS.resolve(workflow));
		assertThat(text).contains(right);
		assertThat(WorkflowRules.findings(Repository.ROOT, text.replace(right, wrong)))
			.anySatisfy((found) -> assertThat(found).contains(finding));
	}

}
