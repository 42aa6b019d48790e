package dev.sagamart.platform.test;

import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
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

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JdbcConnectionDetails.class)
	@ConditionalOnProperty("sagamart.schema")
	static class Jdbc {

		@Bean
		JdbcConnectionDetails testPostgresConnectionDetails(@Value("${sagamart.schema}") String schema) {
			return new JdbcConnectionDetails() {

				@Override
				public String getUsername() {
					return schema;
				}

				@Override
				public String getPassword() {
					return TestServers.postgres().password(schema);
				}

				@Override
				public String getJdbcUrl() {
					return TestServers.postgres().jdbcUrl();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(KafkaConnectionDetails.class)
	static class Kafka {

		@Bean
		KafkaConnectionDetails testKafkaConnectionDetails() {
			return () -> List.of(TestServers.kafka().bootstrapServers());
		}

		@Bean
		@Lazy
		KafkaMessages kafkaMessages() {
			return new KafkaMessages(TestServers.kafka());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataRedisConnectionDetails.class)
	static class Redis {

		@Bean
		DataRedisConnectionDetails testRedisConnectionDetails() {
			return new DataRedisConnectionDetails() {

				@Override
				public Standalone getStandalone() {
					return Standalone.of(TestServers.redis().host(), TestServers.redis().port());
				}

			};
		}

	}

}
