package dev.sagamart.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child process in a session of its own. Ctrl-C in the terminal then reaches only the
 * launcher, which stops the parts in order.
 */
record ChildProcess(@Nullable Process process, Path pidFile) {

	static final ChildProcess NONE = new ChildProcess(null, Path.of(""));

	private static final List<String> OWN_SESSION = ownSession();

	static ChildProcess start(List<String> command, Map<String, String> environment, Place place) {
		try {
			Files.createDirectories(place.data());
			Files.createDirectories(place.log().toAbsolutePath().getParent());
			Files.createDirectories(place.pid().toAbsolutePath().getParent());
			List<String> line = new ArrayList<>(OWN_SESSION);
			line.addAll(command);
			ProcessBuilder builder = new ProcessBuilder(line).directory(place.data().toFile())
				.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()));
			builder.environment().putAll(environment);
			Process process = builder.start();
			try {
				Files.writeString(place.pid(), process.pid() + "\n");
			}
			catch (IOException ex) {
				// Without a pid file, nobody could find and stop the process later.
				process.destroyForcibly();
				throw ex;
			}
			return new ChildProcess(process, place.pid());
		}
		catch (IOException ex) {
			throw new PartFailedException("Cannot start " + command.getFirst() + ": " + ex.getMessage(), ex);
		}
	}

	boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	/** The exit code of the ended process, or 0 if none was started. */
	int exitCode() {
		return (this.process != null) ? this.process.exitValue() : 0;
	}

	int awaitEnd() throws InterruptedException {
		return (this.process != null) ? this.process.waitFor() : 0;
	}

	long pid() {
		return (this.process != null && this.process.isAlive()) ? this.process.pid() : -1;
	}

	void stop(String signal, Duration timeout) {
		if (this.process == null) {
			return;
		}
		signal(signal);
		if (!awaitEnd(timeout)) {
			kill();
		}
		deletePidFile();
	}

	void kill() {
		if (this.process != null) {
			this.process.destroyForcibly();
			awaitEnd(Duration.ofSeconds(10));
			deletePidFile();
		}
	}

	void signal(String signal) {
		if (isAlive()) {
			send(signal, pid());
		}
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

	void killAll() {
		if (this.process != null) {
			this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			kill();
		}
	}

	/** Returns whether the process ended within the time. */
	boolean awaitEnd(Duration timeout) {
		try {
			return this.process == null || this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void deletePidFile() {
		try {
			Files.deleteIfExists(this.pidFile);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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
