package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.attack.Attack.Call;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table of attacks in docs/security.md: category, number and entry points.
 */
final class AttackTable {

	private static final Path DOCUMENT = Path.of("..", "docs", "security.md");

	private static final String BEGIN = "<!-- written by AttacksIntegrationTests -->\n";

	private static final String END = "<!-- to here -->";

	private AttackTable() {
	}

	static String render(Map<String, List<Attack>> attacks) {
		StringBuilder table = new StringBuilder("| what | attacks | where |\n| --- | ---: | --- |\n");
		attacks.forEach((what, all) -> table.append("| ")
			.append(what)
			.append(" | ")
			.append(all.size())
			.append(" | ")
			.append(where(all))
			.append(" |\n"));
		long sum = attacks.values().stream().mapToLong(List::size).sum();
		return table.append("| **all** | **").append(sum).append("** | |\n").toString();
	}

	private static String where(List<Attack> attacks) {
		Set<PartName> entryPoints = attacks.stream()
			.flatMap((attack) -> attack.calls().stream())
			.map(Call::entryPoint)
			.collect(Collectors.toSet());
		String single = entryPoints.stream().map(PartName::text).sorted().collect(Collectors.joining(", "));
		long inSteps = attacks.stream().filter((attack) -> attack.script() != null).count();
		if (inSteps == 0) {
			return single;
		}
		return single.isEmpty() ? "in steps that each attack checks" : single + "; " + inSteps + " in steps";
	}

	/** The table in the document. */
	static String documented() throws IOException {
		String document = Files.readString(DOCUMENT);
		return document.substring(begin(document), document.indexOf(END));
	}

	static void document(String table) throws IOException {
		String document = Files.readString(DOCUMENT);
		Files.writeString(DOCUMENT,
				document.substring(0, begin(document)) + table + document.substring(document.indexOf(END)));
	}

	private static int begin(String document) {
		return document.indexOf(BEGIN) + BEGIN.length();
	}

}
