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
 * New versions of services (canaries) that get a part of the traffic.
 *
 * @param canary the new versions by the name of the service; none by default
 */
@Validated
@ConfigurationProperties("sagamart.gateway")
record CanaryProperties(@DefaultValue Map<String, @Valid Canary> canary) {

	/**
	 * A new version of one service.
	 *
	 * @param url its scheme, host and port
	 * @param weight the percentage of callers that it gets; callers stay on it when the
	 * weight grows
	 * @param header whether the header {@code X-Canary: always} or
	 * {@code X-Canary: never} overrides the weight
	 */
	record Canary(@NotNull URI url, @Min(0) @Max(100) @DefaultValue("0") int weight,
			@DefaultValue("false") boolean header) {

		private static final int PERCENT = 100;

		/**
		 * Whether a caller gets the new version. The answer is always the same for the
		 * same caller and service, unlike that of the weight predicate of Spring Cloud
		 * Gateway, which is random for every request. The answers for different services
		 * are independent.
		 * @param header the value of the header {@code X-Canary}
		 */
		boolean appliesTo(String service, String caller, @Nullable String header) {
			return switch (this.header ? header : null) {
				case "always" -> true;
				case "never" -> false;
				case null, default -> hash(service + ':' + caller) % PERCENT < this.weight;
			};
		}

		private static long hash(String text) {
			CRC32 hash = new CRC32();
			hash.update(text.getBytes(StandardCharsets.UTF_8));
			return hash.getValue();
		}

	}

}
