package dev.sagamart.e2e;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the platform for the first test that needs it and stops it after the last test.
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
			.computeIfAbsent(Attempt.class, (type) -> Attempt.start(), Attempt.class)
			.platform();
	}

	/**
	 * The only attempt to start the platform. If it fails, other tests do not try again.
	 */
	private record Attempt(@Nullable RunningPlatform running, @Nullable Exception failure) implements AutoCloseable {

		private static Attempt start() {
			try {
				return new Attempt(RunningPlatform.start(), null);
			}
			catch (IOException | RuntimeException ex) {
				return new Attempt(null, ex);
			}
		}

		private RunningPlatform platform() {
			if (this.running == null) {
				throw new ParameterResolutionException("The platform did not start: " + this.failure, this.failure);
			}
			return this.running;
		}

		@Override
		public void close() {
			if (this.running != null) {
				this.running.close();
			}
		}

	}

}
