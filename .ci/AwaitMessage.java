import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a topic from its beginning until it contains a message with the type and the
 * key, and prints it: SERVERS TOPIC TYPE KEY. Gives up after five minutes.
 */
void main(String[] arguments) {
	Map<String, Object> settings = Map.of("bootstrap.servers", arguments[0], "group.id", UUID.randomUUID().toString(),
			"auto.offset.reset", "earliest");
	try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
		consumer.subscribe(List.of(arguments[1]));
		long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
		while (System.nanoTime() < end) {
			for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofSeconds(1))) {
				String type = new String(message.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
				if (type.equals(arguments[2]) && message.key().equals(arguments[3])) {
					IO.println(type + " " + message.value());
					return;
				}
			}
		}
	}
	System.err.println("No " + arguments[2] + " of " + arguments[3] + " on " + arguments[1]);
	System.exit(1);
}
