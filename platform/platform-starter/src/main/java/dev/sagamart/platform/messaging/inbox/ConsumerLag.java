package dev.sagamart.platform.messaging.inbox;

import dev.sagamart.platform.messaging.KafkaTopics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The lag of each subscription: the messages on its topics that its group has not
 * committed. It comes from the broker, because a consumer that hangs does not know it.
 */
final class ConsumerLag {

	private final KafkaTopics topics;

	private final List<Subscription> subscriptions;

	private final Map<Position, Long> lags = new ConcurrentHashMap<>();

	ConsumerLag(KafkaTopics topics, List<Subscription> subscriptions, MeterRegistry meters) {
		this.topics = topics;
		this.subscriptions = List.copyOf(subscriptions);
		for (Subscription subscription : this.subscriptions) {
			for (String topic : subscription.topics().keySet()) {
				Position position = new Position(subscription.group(), topic);
				Gauge.builder("sagamart.consumer.lag", this.lags, (all) -> all.getOrDefault(position, 0L))
					.description("Messages on the topic that the group has not committed")
					.tag("group", position.group())
					.tag("topic", topic)
					.register(meters);
			}
		}
	}

	@Scheduled(initialDelay = 10, fixedDelay = 15, timeUnit = TimeUnit.SECONDS)
	void measure() throws InterruptedException, ExecutionException {
		if (this.topics.exist()) {
			try (Admin admin = this.topics.admin()) {
				for (Subscription subscription : this.subscriptions) {
					measure(subscription, admin);
				}
			}
		}
	}

	private void measure(Subscription subscription, Admin admin) throws InterruptedException, ExecutionException {
		Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
		Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
		for (TopicDescription topic : admin.describeTopics(subscription.topics().keySet())
			.allTopicNames()
			.get()
			.values()) {
			topic.partitions().forEach((partition) -> {
				TopicPartition key = new TopicPartition(topic.name(), partition.partition());
				latest.put(key, OffsetSpec.latest());
				earliest.put(key, OffsetSpec.earliest());
			});
		}
		Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(latest).all().get();
		Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(subscription.group())
			.partitionsToOffsetAndMetadata()
			.get();
		earliest.keySet().removeIf((partition) -> committed.get(partition) != null);
		Map<TopicPartition, ListOffsetsResultInfo> begins = earliest.isEmpty() ? Map.of()
				: admin.listOffsets(earliest).all().get();
		Map<String, Long> byTopic = new HashMap<>();
		ends.forEach((partition, end) -> {
			OffsetAndMetadata offset = committed.get(partition);
			ListOffsetsResultInfo begin = begins.get(partition);
			long from = (offset != null) ? offset.offset() : (begin != null) ? begin.offset() : end.offset();
			byTopic.merge(partition.topic(), Math.max(0, end.offset() - from), Long::sum);
		});
		byTopic.forEach((topic, lag) -> this.lags.put(new Position(subscription.group(), topic), lag));
	}

	private record Position(String group, String topic) {
	}

}
