package dev.sagamart.e2e;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * I5 for orders: without duplicates, the sequence numbers of each order in
 * {@code order.events} are ordered and have no gap, from 1 up to the number of events of
 * the order.
 */
final class PublishedOrderEvents {

	private static final String TOPIC = "order.events";

	private PublishedOrderEvents() {
	}

	/** The violations as sentences. */
	static List<String> violations(String bootstrapServers, Connection database) throws SQLException {
		Map<String, List<Integer>> published = read(bootstrapServers);
		List<String> violations = new ArrayList<>();
		try (Statement statement = database.createStatement();
				ResultSet rows = statement.executeQuery("SELECT id, events FROM orders.orders")) {
			while (rows.next()) {
				List<Integer> sequences = published.getOrDefault(rows.getString(1), List.of());
				List<Integer> expected = new ArrayList<>();
				for (int i = 1; i <= rows.getInt(2); i++) {
					expected.add(i);
				}
				if (!sequences.equals(expected)) {
					violations.add("I5: order " + rows.getString(1) + " has had " + rows.getInt(2)
							+ " events, and Kafka has " + sequences);
				}
			}
		}
		return violations;
	}

	private static Map<String, List<Integer>> read(String bootstrapServers) {
		Map<String, List<Integer>> sequences = new HashMap<>();
		Set<String> seen = new HashSet<>();
		Map<String, Object> properties = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
				ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties, new StringDeserializer(),
				new StringDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(TOPIC)
				.stream()
				.map((partition) -> new TopicPartition(TOPIC, partition.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				for (ConsumerRecord<String, String> event : consumer.poll(Duration.ofMillis(200))) {
					Header id = event.headers().lastHeader("ce_id");
					if (id != null && seen.add(new String(id.value(), StandardCharsets.UTF_8))) {
						sequences.computeIfAbsent(event.key(), (key) -> new ArrayList<>())
							.add(JsonMapper.shared().readTree(event.value()).path("sequence").asInt());
					}
				}
			}
		}
		return sequences;
	}

}
