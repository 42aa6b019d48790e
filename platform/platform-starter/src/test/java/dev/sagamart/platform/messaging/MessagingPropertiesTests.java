package dev.sagamart.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class MessagingPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
		.withUserConfiguration(Properties.class);

	@Test
	void defaultsAreRightForProduction() {
		this.runner.run((context) -> {
			MessagingProperties properties = context.getBean(MessagingProperties.class);
			assertThat(properties.partitions()).isEqualTo(12);
			assertThat(properties.createTopics()).isTrue();
			assertThat(properties.replicas()).isNull();
			assertThat(properties.minInsyncReplicas()).isNull();
			assertThat(properties.topicRetention()).hasDays(7);
			assertThat(properties.inboxRetention()).hasDays(14);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "7d", "8d" })
	void theInboxMustRememberLongerThanTopicsMayKeepAMessage(String retention) {
		this.runner.withPropertyValues("sagamart.messaging.inbox-retention=" + retention)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("inbox-retention must be longer than topic-retention"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(MessagingProperties.class)
	static class Properties {

	}

}
