package dev.sagamart.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. For root its programs run in a user namespace of
 * their own, where they are nobody while their files stay root's, wherever those are;
 * where namespaces are forbidden (most containers), as the user {@code nobody}, who then
 * must own the data directory and be able to reach it.
 */
final class Unprivileged {

	private static final Way WAY = way();

	private Unprivileged() {
	}

	/** What to put before a command; the directory is given to the one who runs it. */
	static List<String> prefix(Path directory) {
		return switch (WAY) {
			case AS_WE_ARE -> List.of();
			case NAMESPACE -> List.of("unshare", "--user");
			case NOBODY -> {
				List<String> prefix = nobody();
				if (ChildProcess.run(List.of("chown", "-R", "65534:65534", directory.toString())) == null
						|| ChildProcess.run(concat(prefix, List.of("test", "-w", directory.toString()))) == null) {
					throw new PartFailedException(
							"PostgreSQL does not run as root, and the user nobody cannot write to " + directory
									+ "; run this as another user, or choose a --state-dir below /var/tmp");
				}
				yield prefix;
			}
		};
	}

	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	private static Way way() {
		if (!isRoot()) {
			return Way.AS_WE_ARE;
		}
		String id = ChildProcess.run(List.of("unshare", "--user", "id", "-u"));
		return (id != null && !id.strip().equals("0")) ? Way.NAMESPACE : Way.NOBODY;
	}

	static List<String> nobody() {
		return List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
	}

	static List<String> concat(List<String> first, List<String> second) {
		return Stream.concat(first.stream(), second.stream()).toList();
	}

	private enum Way {

		AS_WE_ARE, NAMESPACE, NOBODY

	}

}
