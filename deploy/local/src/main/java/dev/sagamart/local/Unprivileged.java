package dev.sagamart.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs PostgreSQL without root rights, because it refuses to run as root. If the launcher
 * is root, PostgreSQL runs in a user namespace, where it is nobody but its files still
 * belong to root. Where user namespaces are forbidden (in most containers), it runs as
 * the user {@code nobody}, who then owns the data directory and must be able to reach it.
 */
final class Unprivileged {

	private static final Mode MODE = mode(isRoot(), SystemCommand.run(List.of("unshare", "--user", "id", "-u")));

	private static final List<String> NOBODY = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

	private Unprivileged() {
	}

	/** The prefix for a command; makes its user the owner of the directory if needed. */
	static List<String> prefix(Path directory) {
		return prefix(MODE, directory);
	}

	static List<String> prefix(Mode mode, Path directory) {
		return switch (mode) {
			case SAME_USER -> List.of();
			case USER_NAMESPACE -> List.of("unshare", "--user");
			case NOBODY -> {
				boolean given = SystemCommand.run(List.of("chown", "-R", "65534:65534", directory.toString())) != null;
				if (!given || SystemCommand
					.run(Stream.concat(NOBODY.stream(), Stream.of("test", "-w", directory.toString()))
						.toList()) == null) {
					throw new PartFailedException("PostgreSQL cannot run as root, and the user nobody cannot write to "
							+ directory + "; start Sagamart as another user, or choose a --state-dir below /var/tmp");
				}
				yield NOBODY;
			}
		};
	}

	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * Chooses how to run PostgreSQL.
	 * @param idInNamespace the output of {@code id -u} in a new user namespace, or null
	 * if namespaces are forbidden
	 */
	static Mode mode(boolean root, @Nullable String idInNamespace) {
		if (!root) {
			return Mode.SAME_USER;
		}
		return (idInNamespace != null && !idInNamespace.strip().equals("0")) ? Mode.USER_NAMESPACE : Mode.NOBODY;
	}

	enum Mode {

		SAME_USER, USER_NAMESPACE, NOBODY

	}

}
