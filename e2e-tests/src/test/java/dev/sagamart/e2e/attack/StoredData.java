package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All data that the platform stores or shows anywhere, as text: logs, topics, tables,
 * Redis, metrics, thread dumps, and the provider's books.
 */
final class StoredData {

	private static final String TABLES = """
			SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
			WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1""";

	private final Map<String, String> texts = new TreeMap<>();

	private StoredData() {
	}

	static StoredData read(RunningPlatform platform) throws Exception {
		StoredData storedData = new StoredData();
		storedData.files("log", platform.logs());
		storedData.files("provider", platform.providerBooksDirectory());
		storedData.topics(platform.kafkaBootstrapServers());
		try (Connection database = platform.database()) {
			storedData.tables(database);
		}
		storedData.redis(platform.url(PartName.REDIS).getPort());
		try (HttpClient http = HttpClient.newHttpClient()) {
			for (PartName service : PartName.SERVICES) {
				URI metrics = platform.managementUrl(service).resolve("/actuator/prometheus");
				storedData.texts.put("metrics of " + service.text(),
						http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
							.body());
				storedData.texts.put("threads of " + service.text(), platform.threadDump(service));
			}
		}
		return storedData;
	}

	/** The names of the sources that contain a word as text or in hexadecimal. */
	List<String> sourcesOf(String word) {
		String bytes = HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8));
		return this.texts.entrySet()
			.stream()
			.filter((place) -> place.getValue().contains(word) || place.getValue().contains(bytes))
			.map(Map.Entry::getKey)
			.toList();
	}

	private void files(String kind, Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				this.texts.put(kind + " " + file.getFileName(), Files.readString(file, StandardCharsets.ISO_8859_1));
			}
		}
	}

	private void topics(String bootstrapServers) {
		Map<String, Object> properties = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
				ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.listTopics()
				.values()
				.stream()
				.flatMap(List::stream)
				.map((partition) -> new TopicPartition(partition.topic(), partition.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			Map<String, StringBuilder> topics = new TreeMap<>();
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
					StringBuilder topic = topics.computeIfAbsent(record.topic(), (name) -> new StringBuilder());
					append(topic, record.key());
					append(topic, record.value());
					for (Header header : record.headers()) {
						append(topic.append(header.key()), header.value());
					}
				}
			}
			topics.forEach((name, text) -> this.texts.put("topic " + name, text.toString()));
		}
	}

	private static void append(StringBuilder text, byte[] bytes) {
		if (bytes != null) {
			text.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
		}
	}

	/** PostgreSQL shows binary columns in hexadecimal. */
	private void tables(Connection database) throws SQLException {
		List<String> names = new ArrayList<>();
		try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery(TABLES)) {
			while (rows.next()) {
				names.add(rows.getString(1));
			}
		}
		for (String name : names) {
			StringBuilder text = new StringBuilder();
			try (Statement statement = database.createStatement();
					ResultSet rows = statement.executeQuery("SELECT t::text FROM " + name + " t")) {
				while (rows.next()) {
					text.append(rows.getString(1)).append('\n');
				}
			}
			this.texts.put("table " + name, text.toString());
		}
	}

	/** Reads the dump of all data that Redis sends to a new replica. */
	private void redis(int port) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(2000);
			socket.getOutputStream().write("SYNC\r\n".getBytes(StandardCharsets.US_ASCII));
			StringBuilder dump = new StringBuilder();
			InputStream in = socket.getInputStream();
			byte[] buffer = new byte[64 * 1024];
			try {
				for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
					dump.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
				}
			}
			catch (java.net.SocketTimeoutException _) {
				// The dump is complete; a replica would wait for more commands.
			}
			this.texts.put("redis", dump.toString());
		}
	}

}
