package dev.sagamart.platform.test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The beans of {@link WithTestServers}. */
@Configuration(proxyBeanMethods = false)
class TestServersConfiguration {

	@Bean
	TestTokens testTokens() {
		return TestTokens.shared();
	}

	@Bean
	@Lazy
	KafkaMessages kafkaMessages() {
		return new KafkaMessages(TestServers.kafka());
	}

}
