package dev.sagamart.platform.flags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A flag in the format of flagd, of which a part is supported.
 *
 * @param state only {@code ENABLED} flags are evaluated
 * @param variants values by name
 * @param defaultVariant the variant without targeting or without a user
 * @param targeting how users are distributed over the variants
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record FlagDefinition(String state, Map<String, JsonNode> variants, String defaultVariant,
		@Nullable Targeting targeting) {

	/** Variants and their weights, in order. */
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
	 * The variant of a user, which is stable: as the weight of the first variant grows,
	 * users change to it and never back. Without a user, it is the default.
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
