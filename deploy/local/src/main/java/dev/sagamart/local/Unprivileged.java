package dev.sagamart.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL refuses to run as root. For root its programs run in a user namespace of
 * their own, where they are nobody while their files stay root's, wherever those are;
 * where namespaces are forbidden (most containers), as the user {@code nobody}, who then
 * must own the data directory and be able to reach it.
 */
final class Unprivileged {

	private static final Way WAY = way(isRoot(), ChildProcess.run(List.of("unshare", "--user", "id", "-u")));

	private static final List<String> NOBODY = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

	private Unprivileged() {
	}

	/** What to put before a command; the directory is given to the one who runs it. */
	static List<String> prefix(Path directory) {
		return prefix(WAY, directory);
	}

	static List<String> prefix(Way way, Path directory) {
		return switch (way) {
			case AS_WE_ARE -> List.of();
			case NAMESPACE -> List.of("unshare", "--user");
			case NOBODY -> {
				boolean given = ChildProcess.run(List.of("chown", "-R", "65534:65534", directory.toString())) != null;
				if (!given || ChildProcess
					.run(Stream.concat(NOBODY.stream(), Stream.of("test", "-w", directory.toString()))
						.toList()) == null) {
					throw new PartFailedException(
							"PostgreSQL does not run as root, and the user nobody cannot write to " + directory
									+ "; run this as another user, or choose a --state-dir below /var/tmp");
				}
				yield NOBODY;
			}
		};
	}

	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * How to run it.
	 * @param idInNamespace what {@code id -u} says in a new namespace, if there can be
	 * one
	 */
	static Way way(boolean root, @Nullable String idInNamespace) {
		if (!root) {
			return Way.AS_WE_ARE;
		}
		return (idInNamespace != null && !idInNamespace.strip().equals("0")) ? Way.NAMESPACE : Way.NOBODY;
	}

	enum Way {

		AS_WE_ARE, NAMESPACE, NOBODY

	}

}
