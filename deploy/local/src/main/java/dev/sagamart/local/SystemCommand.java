package dev.sagamart.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short commands of the system. */
final class SystemCommand {

	/** The prefix that gives a command a session of its own. */
	static final List<String> OWN_SESSION = ownSession();

	private SystemCommand() {
	}

	/**
	 * {@link Process} can send only TERM and KILL; PostgreSQL needs INT, and tests need
	 * STOP and CONT.
	 */
	static void send(String signal, long pid) {
		run(List.of("sh", "-c", "kill -" + signal + " " + pid));
	}

	/**
	 * Runs a short command and returns its output, or null if it failed.
	 */
	static @Nullable String run(List<String> command) {
		try {
			return run(command.getFirst(), new ProcessBuilder(command));
		}
		catch (PartFailedException ex) {
			return null;
		}
	}

	/**
	 * Runs a short command and returns its output.
	 * @param name the name of the command in error messages
	 * @throws PartFailedException with the command's output if it failed
	 */
	static String run(String name, ProcessBuilder command) {
		try {
			Process process = command.redirectErrorStream(true).start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new PartFailedException(name + " failed: " + output.strip());
			}
			return output;
		}
		catch (IOException ex) {
			throw new PartFailedException(name + " cannot be run: " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PartFailedException("Interrupted", ex);
		}
	}

	private static List<String> ownSession() {
		if (run(List.of("setsid", "true")) != null) {
			return List.of("setsid");
		}
		if (run(List.of("perl", "-e", "1")) != null) {
			return List.of("perl", "-e", "setpgrp; exec @ARGV or exit 127", "--");
		}
		return List.of();
	}

}
