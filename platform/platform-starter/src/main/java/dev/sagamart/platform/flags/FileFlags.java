package dev.sagamart.platform.flags;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flags from a file, which is read again within a second of a change. If it cannot be
 * read, the flags stay as they are. An environment variable selects one variant for
 * everybody: {@code FLAG_RECOMMENDATION_RULE=best-sold}.
 */
class FileFlags implements FeatureProvider {

	private static final Logger logger = LoggerFactory.getLogger(FileFlags.class);

	private final @Nullable Path file;

	private final UnaryOperator<@Nullable String> environment;

	private volatile Map<String, FlagDefinition> flags = Map.of();

	private @Nullable FileTime readAt;

	FileFlags(@Nullable Path file, UnaryOperator<@Nullable String> environment) {
		this.file = file;
		this.environment = environment;
		read();
	}

	/** The whole file. */
	record Definitions(Map<String, FlagDefinition> flags) {
	}

	@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
	final void read() {
		if (this.file == null) {
			return;
		}
		try {
			FileTime changedAt = Files.getLastModifiedTime(this.file);
			if (changedAt.equals(this.readAt)) {
				return;
			}
			this.readAt = changedAt;
			this.flags = JsonMapper.shared().readValue(this.file, Definitions.class).flags();
			logger.info("Read {} feature flags from {}", this.flags.size(), this.file);
		}
		catch (IOException | JacksonException ex) {
			logger.warn("Feature flags stay as they are, {} cannot be read: {}", this.file, ex.getMessage());
		}
	}

	@Override
	public Metadata getMetadata() {
		return () -> "file";
	}

	private <T> ProviderEvaluation<T> evaluate(String flag, T otherwise, @Nullable EvaluationContext context,
			Predicate<JsonNode> fits, Function<JsonNode, T> value) {
		FlagDefinition definition = this.flags.get(flag);
		if (definition == null || !definition.isEnabled()) {
			return answer(otherwise, null, (definition == null) ? Reason.DEFAULT : Reason.DISABLED);
		}
		String named = this.environment.apply("FLAG_" + flag.toUpperCase(Locale.ROOT).replace('-', '_'));
		String user = Optional.ofNullable(context).map(EvaluationContext::getTargetingKey).orElse(null);
		String variant = (named != null) ? named : definition.variantFor(flag, user);
		JsonNode found = definition.variants().get(variant);
		if (found == null || !fits.test(found)) {
			return ProviderEvaluation.<T>builder()
				.value(otherwise)
				.errorCode((found == null) ? ErrorCode.GENERAL : ErrorCode.TYPE_MISMATCH)
				.errorMessage("The variant " + variant + " does not exist, or has another type")
				.build();
		}
		return answer(value.apply(found), variant, (named != null) ? Reason.STATIC
				: (definition.targeting() != null && user != null) ? Reason.SPLIT : Reason.DEFAULT);
	}

	private static <T> ProviderEvaluation<T> answer(T value, @Nullable String variant, Reason reason) {
		return ProviderEvaluation.<T>builder().value(value).variant(variant).reason(reason.name()).build();
	}

	@Override
	public ProviderEvaluation<Boolean> getBooleanEvaluation(String key, Boolean otherwise, EvaluationContext context) {
		return evaluate(key, otherwise, context, JsonNode::isBoolean, JsonNode::asBoolean);
	}

	@Override
	public ProviderEvaluation<String> getStringEvaluation(String key, String otherwise, EvaluationContext context) {
		return evaluate(key, otherwise, context, JsonNode::isString, JsonNode::asString);
	}

	@Override
	public ProviderEvaluation<Integer> getIntegerEvaluation(String key, Integer otherwise, EvaluationContext context) {
		return evaluate(key, otherwise, context, JsonNode::canConvertToInt, JsonNode::asInt);
	}

	@Override
	public ProviderEvaluation<Double> getDoubleEvaluation(String key, Double otherwise, EvaluationContext context) {
		return evaluate(key, otherwise, context, JsonNode::isNumber, JsonNode::asDouble);
	}

	@Override
	public ProviderEvaluation<Value> getObjectEvaluation(String key, Value otherwise, EvaluationContext context) {
		return evaluate(key, otherwise, context, JsonNode::isObject, (node) -> new Value(node.toString()));
	}

}
