package dev.sagamart.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaServerIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(10);

	@TempDir
	Path directory;

	@Test
	void keepsItsTopicsOverAStopAndAKill() throws Exception {
		KafkaServer kafka = new KafkaServer(Place.under(this.directory, "kafka", Ports.free()));
		kafka.start(TIMEOUT);
		try {
			assertThat(kafka.isReady()).isTrue();
			try (Admin admin = admin(kafka)) {
				admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1))).all().get();
				ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
				assertThat(admin.describeConfigs(List.of(topic)).all().get().get(topic).get("segment.bytes").value())
					.isEqualTo("16777216");
			}
			kafka.stop(TIMEOUT);
			assertThat(kafka.isReady()).isFalse();
			kafka.start(TIMEOUT);
			assertThat(topics(kafka)).contains("kept");
			kafka.kill();
			kafka.start(TIMEOUT);
			assertThat(topics(kafka)).contains("kept");
		}
		finally {
			kafka.kill();
		}
	}

	private static Set<String> topics(KafkaServer kafka) throws Exception {
		try (Admin admin = admin(kafka)) {
			return admin.listTopics().names().get();
		}
	}

	private static Admin admin(KafkaServer kafka) {
		Properties properties = new Properties();
		properties.putAll(Map.of("bootstrap.servers", kafka.bootstrapServers()));
		return Admin.create(properties);
	}

}
