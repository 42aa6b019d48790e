package dev.sagamart.local;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A part with any command, environment and readiness check. */
final class ProgramPart extends Part {

	private final Supplier<List<String>> command;

	private final Map<String, String> environment;

	private final BooleanSupplier ready;

	ProgramPart(Place place, Supplier<List<String>> command, Map<String, String> environment, BooleanSupplier ready) {
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
	protected ChildProcess launch() {
		return ChildProcess.start(this.command.get(), this.environment, place());
	}

}
