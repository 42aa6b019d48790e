package dev.sagamart.platform.flags;

import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.Hook;
import dev.openfeature.sdk.HookContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.util.Map;
import org.slf4j.MDC;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Puts the variant of each evaluated flag into the current trace, as an event that
 * follows OpenTelemetry's conventions, and into what the current request logs from then
 * on, as {@code feature_flag.NAME}.
 */
class EvaluationRecorder implements Hook<Object> {

	private static final AttributeKey<String> KEY = AttributeKey.stringKey("feature_flag.key");

	private static final AttributeKey<String> VARIANT = AttributeKey.stringKey("feature_flag.result.variant");

	private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("feature_flag.provider.name");

	@Override
	public void after(HookContext<Object> context, FlagEvaluationDetails<Object> details, Map<String, Object> hints) {
		String variant = (details.getVariant() != null) ? details.getVariant() : String.valueOf(details.getValue());
		Span.current()
			.addEvent("feature_flag.evaluation", Attributes.of(KEY, details.getFlagKey(), VARIANT, variant, PROVIDER,
					context.getProviderMetadata().getName()));
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null) {
			String name = "feature_flag." + details.getFlagKey();
			MDC.put(name, variant);
			request.registerDestructionCallback(name, () -> MDC.remove(name), RequestAttributes.SCOPE_REQUEST);
		}
	}

}
