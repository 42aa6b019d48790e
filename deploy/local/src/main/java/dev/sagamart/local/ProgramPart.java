package dev.sagamart.local;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.commons.io.function.IOSupplier;

/** A part with any command, environment and readiness check. */
final class ProgramPart extends Part {

	private final IOSupplier<List<String>> command;

	private final Map<String, String> environment;

	private final BooleanSupplier ready;

	/**
	 * @param command prepares the files that the program needs and returns its command
	 */
	ProgramPart(Place place, IOSupplier<List<String>> command, Map<String, String> environment, BooleanSupplier ready) {
		super(place);
		this.command = command;
		this.environment = Map.copyOf(environment);
		this.ready = ready;
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
