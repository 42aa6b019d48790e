package dev.sagamart.products.catalogue.messaging;

import dev.sagamart.events.ProductEvent;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.outbox.Publication;
import dev.sagamart.products.catalogue.Catalogue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class CatalogueMessaging {

	private static final JsonMapper JSON = JsonMapper.shared();

	@Bean
	Publication productEvents() {
		return new Publication(Set.of(ProductEvent.class));
	}

	/**
	 * Each instance receives the changes of all instances, in its own consumer group. It
	 * stores no offsets: if an instance misses a change, it only keeps an older product
	 * in memory for at most a second.
	 */
	@Bean
	ConcurrentMessageListenerContainer<?, ?> catalogueChanges(ConcurrentKafkaListenerContainerFactory<?, ?> factory,
			Catalogue catalogue) {
		ConcurrentMessageListenerContainer<?, ?> container = factory
			.createContainer(MessageTypes.topicOf(ProductEvent.class).value());
		container.setConcurrency(1);
		ContainerProperties properties = container.getContainerProperties();
		properties.setGroupId("product-service.instance." + UUID.randomUUID());
		properties.setClientId("product-service.instance");
		properties.setListenerTaskExecutor(new SimpleAsyncTaskExecutor("product-service.instance-"));
		properties.setAckMode(ContainerProperties.AckMode.MANUAL);
		properties.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
		properties.setMessageListener(
				(BatchMessageListener<String, String>) (records) -> catalogueChanged(records, catalogue));
		properties.getKafkaConsumerProperties().put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
		return container;
	}

	private static void catalogueChanged(List<ConsumerRecord<String, String>> records, Catalogue catalogue) {
		Map<UUID, Long> versions = new HashMap<>();
		for (ConsumerRecord<String, String> changed : records) {
			try {
				JsonNode product = JSON.readTree(changed.value());
				versions.merge(UUID.fromString(product.required("productId").stringValue()),
						product.required("version").longValue(), Math::max);
			}
			catch (RuntimeException ex) {
				catalogue.invalidateAll();
			}
		}
		catalogue.invalidateOlder(versions);
	}

}
