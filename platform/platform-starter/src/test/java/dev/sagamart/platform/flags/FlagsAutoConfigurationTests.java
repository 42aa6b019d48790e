package dev.sagamart.platform.flags;

import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

class FlagsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(FlagsAutoConfiguration.class));

	@Test
	void theVariantIsInTheTraceAndInTheLog(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("flags.json"), """
				{"flags": {"tea": {"state": "ENABLED", "variants": {"green": "Sencha"}, "defaultVariant": "green"}}}
				""");
		ServletRequestAttributes request = new ServletRequestAttributes(new MockHttpServletRequest());
		this.runner.withPropertyValues("sagamart.flags.file=" + file).run((context) -> {
			Client flags = context.getBean(Client.class);
			Awaitility.await().until(() -> flags.getStringValue("tea", "").equals("Sencha"));
			Span span = SdkTracerProvider.builder().build().get("test").spanBuilder("request").startSpan();
			RequestContextHolder.setRequestAttributes(request);
			try (var _ = span.makeCurrent()) {
				assertThat(flags.getStringValue("tea", "")).isEqualTo("Sencha");
				assertThat(MDC.get("feature_flag.tea")).isEqualTo("green");
			}
			finally {
				RequestContextHolder.resetRequestAttributes();
				request.requestCompleted();
			}
			assertThat(((ReadableSpan) span).toSpanData().getEvents()).singleElement().satisfies((event) -> {
				assertThat(event.getName()).isEqualTo("feature_flag.evaluation");
				assertThat(event.getAttributes().get(AttributeKey.stringKey("feature_flag.key"))).isEqualTo("tea");
				assertThat(event.getAttributes().get(AttributeKey.stringKey("feature_flag.result.variant")))
					.isEqualTo("green");
			});
		});
		assertThat(MDC.get("feature_flag.tea")).isNull();
	}

	@Test
	void flagdIsAskedWhereItIsConfiguredAndMayBeAway() {
		this.runner.withPropertyValues("sagamart.flags.flagd=127.0.0.1:1").run((context) -> {
			assertThat(context.getBean(FeatureProvider.class)).isInstanceOf(FlagdProvider.class);
			assertThat(context.getBean(Client.class).getStringValue("tea", "as coded")).isEqualTo("as coded");
		});
	}

}
