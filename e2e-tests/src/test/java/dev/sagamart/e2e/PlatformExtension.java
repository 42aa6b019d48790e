package dev.sagamart.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the platform for the first test that asks for it, and stops it after the last.
 */
final class PlatformExtension implements ParameterResolver {

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RunningPlatform.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getRoot()
			.getStore(Namespace.create(PlatformExtension.class))
			.computeIfAbsent(RunningPlatform.class, (type) -> start(), RunningPlatform.class);
	}

	private static RunningPlatform start() {
		try {
			return RunningPlatform.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
