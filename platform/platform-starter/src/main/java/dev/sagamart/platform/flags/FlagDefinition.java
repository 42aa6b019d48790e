package dev.sagamart.platform.flags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A flag as flagd's format has it, as far as it is understood here.
 *
 * @param state {@code ENABLED}, or else the flag does not count
 * @param variants values by name
 * @param defaultVariant for whoever is not targeted
 * @param targeting how users are shared out among variants
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record FlagDefinition(String state, Map<String, JsonNode> variants, String defaultVariant,
		@Nullable Targeting targeting) {

	/** Variants and their weights, in the order in which they take their shares. */
	record Targeting(List<List<JsonNode>> fractional) {
	}

	FlagDefinition {
		if (!variants.containsKey(defaultVariant)) {
			throw new IllegalArgumentException("There is no variant " + defaultVariant);
		}
		if (targeting != null) {
			for (List<JsonNode> share : targeting.fractional()) {
				if (share.size() != 2 || !variants.containsKey(share.getFirst().asString())
						|| share.getLast().asInt() < 0) {
					throw new IllegalArgumentException("Not a variant and its weight: " + share);
				}
			}
		}
	}

	boolean isEnabled() {
		return this.state.equals("ENABLED");
	}

	/**
	 * The variant of a user: always the same one, and the first of the list for ever more
	 * users as its weight grows. Without a user, the default.
	 */
	String variantFor(String flag, @Nullable String user) {
		if (this.targeting == null || user == null) {
			return this.defaultVariant;
		}
		long all = this.targeting.fractional().stream().mapToLong((share) -> share.getLast().asInt()).sum();
		long hash = Integer.toUnsignedLong(Utils.murmur2((flag + user).getBytes(StandardCharsets.UTF_8)));
		long place = (hash * all) >>> Integer.SIZE;
		for (List<JsonNode> share : this.targeting.fractional()) {
			place -= share.getLast().asInt();
			if (place < 0) {
				return share.getFirst().asString();
			}
		}
		return this.defaultVariant;
	}

}
