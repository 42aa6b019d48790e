package dev.sagamart.gateway.routing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * New versions of services that are tried out beside the old ones.
 *
 * @param canary by the name of the service; none by default
 */
@Validated
@ConfigurationProperties("sagamart.gateway")
record CanaryProperties(@DefaultValue Map<String, @Valid Canary> canary) {

	/**
	 * A new version of one service.
	 *
	 * @param url where it is: scheme, host and port
	 * @param weight how many of a hundred callers it gets; raising it moves nobody back
	 * @param header whether {@code X-Canary: always} and {@code X-Canary: never} decide
	 * instead
	 */
	record Canary(@NotNull URI url, @Min(0) @Max(100) @DefaultValue("0") int weight,
			@DefaultValue("false") boolean header) {

		private static final int WHOLE = 100;

		/**
		 * Whether a caller gets the new version: always the same answer for the same
		 * caller, and one that has nothing to do with that for another service. The
		 * gateway's own weight predicate throws a die for every request.
		 * @param wish of the caller, if there is one
		 */
		boolean takes(String service, String caller, @Nullable String wish) {
			return switch (this.header ? wish : null) {
				case "always" -> true;
				case "never" -> false;
				case null, default -> hash(service + ':' + caller) % WHOLE < this.weight;
			};
		}

		private static long hash(String text) {
			CRC32 hash = new CRC32();
			hash.update(text.getBytes(StandardCharsets.UTF_8));
			return hash.getValue();
		}

	}

}
