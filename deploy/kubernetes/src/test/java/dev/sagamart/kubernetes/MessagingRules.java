package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sagamart.events.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kafka's topics and users, against what the services subscribe to. */
final class MessagingRules {

	private static final Pattern SUBSCRIPTION = Pattern.compile("Subscription\\s*\\.of\\(\\s*\"([^\"]+)\"");

	private static final Pattern TOPIC = Pattern.compile("Topics\\.(\\w+)");

	/**
	 * The consumers' session time-out of the broker's default is 45 s, too long to wait
	 * for a killed one's work.
	 */
	private static final int LONGEST_SESSION = 10_000;

	/** A message may stay that much longer than its topic's retention, and no more. */
	private static final long SEGMENT = Duration.ofDays(1).toMillis();

	private MessagingRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		sessions(manifests, findings);
		if (manifests.of("Kafka").findAny().isEmpty()) {
			return;
		}
		Map<String, List<Subscription>> subscriptions = Manifests.SERVICES.stream()
			.collect(Collectors.toMap((service) -> service, MessagingRules::subscriptions));
		topics(manifests, subscriptions, findings);
		Map<String, Set<String>> writers = new TreeMap<>();
		subscriptions.forEach((service, own) -> {
			Set<String> granted = granted(manifests, service);
			Set<String> needed = new LinkedHashSet<>();
			for (Subscription subscription : own) {
				needed.add("Read group " + subscription.group());
				subscription.topics().forEach((topic) -> {
					needed.add("Read topic " + topic);
					needed.add("Write topic " + Topics.deadLetters(topic, subscription.group()));
				});
			}
			needed.stream()
				.filter((operation) -> !granted.contains(operation))
				.forEach((operation) -> findings.accept("KafkaUser " + service + ": lacks " + operation));
			granted.stream()
				.filter((operation) -> !needed.contains(operation) && operation.startsWith("Read"))
				.forEach((operation) -> findings.accept("KafkaUser " + service + ": does not need " + operation));
			granted.stream()
				.filter((operation) -> operation.startsWith("Write"))
				.forEach((operation) -> writers.computeIfAbsent(operation.substring(12), (topic) -> new TreeSet<>())
					.add(service));
		});
		for (String topic : Topics.ALL) {
			if (writers.getOrDefault(topic, Set.of()).size() != 1) {
				findings.accept("the topic " + topic + " is written by " + writers.get(topic));
			}
		}
	}

	private static void topics(Manifests manifests, Map<String, List<Subscription>> subscriptions,
			Consumer<String> findings) {
		Set<String> wanted = new TreeSet<>(Topics.ALL);
		subscriptions.values()
			.forEach((own) -> own.forEach((subscription) -> subscription.topics()
				.forEach((topic) -> wanted.add(Topics.deadLetters(topic, subscription.group())))));
		Set<String> there = manifests.of("KafkaTopic")
			.map(Kustomize::name)
			.collect(Collectors.toCollection(TreeSet::new));
		if (!there.equals(wanted)) {
			findings.accept("the services use the topics " + wanted + ", there are " + there);
		}
		manifests.of("KafkaTopic").forEach((topic) -> {
			String name = Kustomize.name(topic);
			int partitions = Topics.ALL.contains(name) ? 12 : 1;
			boolean compacted = topic.at("/spec/config").path("cleanup.policy").asText().equals("compact");
			if (topic.at("/spec/partitions").asInt() != partitions || topic.at("/spec/replicas").asInt() != 3
					|| topic.at("/spec/config").path("min.insync.replicas").asInt() != 2
					|| topic.at("/spec/config").path("segment.ms").asLong() != SEGMENT
					|| compacted != name.equals(Topics.PRODUCT_EVENTS)) {
				findings.accept("the topic " + name + " is not as its messages need it: " + topic.path("spec"));
			}
		});
	}

	private static void sessions(Manifests manifests, Consumer<String> findings) {
		Stream<Integer> timeouts = Stream.concat(
				manifests.of("Kafka")
					.map((kafka) -> kafka.at("/spec/kafka/config")
						.path("group.consumer.session.timeout.ms")
						.asInt(Integer.MAX_VALUE)),
				manifests.of("ConfigMap")
					.map((map) -> map.at("/data").path("server.properties"))
					.filter(JsonNode::isTextual)
					.map((properties) -> properties.asText()
						.lines()
						.filter((line) -> line.startsWith("group.consumer.session.timeout.ms="))
						.findAny()
						.map((line) -> Integer.valueOf(line.substring(line.indexOf('=') + 1)))
						.orElse(Integer.MAX_VALUE)));
		timeouts.filter((timeout) -> timeout > LONGEST_SESSION)
			.forEach((timeout) -> findings
				.accept("a killed consumer keeps its partitions for longer than " + LONGEST_SESSION + " ms"));
	}

	private static Set<String> granted(Manifests manifests, String service) {
		return manifests.find("KafkaUser", service)
			.stream()
			.flatMap((ObjectNode user) -> Yaml.elements(user.at("/spec/authorization"), "acls"))
			.flatMap((acl) -> Yaml.texts(acl, "operations")
				.map((operation) -> operation + " " + acl.at("/resource/type").asText() + " "
						+ acl.at("/resource/name").asText()))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private static List<Subscription> subscriptions(String service) {
		try (Stream<Path> files = Files.walk(Repository.ROOT.resolve(service).resolve("src/main/java"))) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map(Yaml::text)
				.flatMap((source) -> SUBSCRIPTION.matcher(source)
					.results()
					.map((result) -> new Subscription(result.group(1), topics(arguments(source, result.end())))))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What is left of a call, from here to its closing parenthesis. */
	private static String arguments(String source, int from) {
		int depth = 1;
		int end = from;
		for (; depth > 0; end++) {
			depth += switch (source.charAt(end)) {
				case '(' -> 1;
				case ')' -> -1;
				default -> 0;
			};
		}
		return source.substring(from, end);
	}

	private static Set<String> topics(String arguments) {
		Set<String> topics = new LinkedHashSet<>();
		Matcher constant = TOPIC.matcher(arguments);
		while (constant.find()) {
			try {
				topics.add((String) Topics.class.getField(constant.group(1)).get(null));
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}
		if (topics.isEmpty()) {
			throw new IllegalStateException("A subscription to no topic: " + arguments);
		}
		return topics;
	}

	private record Subscription(String group, Set<String> topics) {
	}

}
