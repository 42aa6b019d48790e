package dev.sagamart.local;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A part with any command, environment and readiness check. */
final class ProgramPart extends Part {

	private final Command command;

	private final Map<String, String> environment;

	private final BooleanSupplier ready;

	ProgramPart(Place place, Command command, Map<String, String> environment, BooleanSupplier ready) {
		super(place);
		this.command = command;
		this.environment = Map.copyOf(environment);
		this.ready = ready;
	}

	/** Prepares the files that a program needs and returns its command. */
	@FunctionalInterface
	interface Command {

		List<String> get() throws IOException;

	}

	@Override
	public boolean isReady() {
		return isAlive() && this.ready.getAsBoolean();
	}

	@Override
	protected List<String> command() throws IOException {
		return this.command.get();
	}

	@Override
	protected Map<String, String> environment() {
		return this.environment;
	}

}
