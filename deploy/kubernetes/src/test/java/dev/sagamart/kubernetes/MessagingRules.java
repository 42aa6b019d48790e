package dev.sagamart.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sagamart.local.Declaration;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares Kafka's topics and users, and the topics in {@code platform.yml}, with the
 * code of the services.
 */
final class MessagingRules {

	private static final Pattern SUBSCRIPTION = Pattern.compile("Subscription\\s*\\.of\\(\\s*\"([^\"]+)\"");

	/** Of every instance for itself. */
	private static final Pattern OBSERVING = Pattern.compile("\\.createContainer\\(");

	private static final Pattern PUBLICATION = Pattern.compile("new Publication\\(");

	private static final Pattern MESSAGE = Pattern.compile("(\\w+)\\.class");

	private static final Pattern IMPORT = Pattern.compile("import ([\\w.]+)\\.(\\w+);");

	private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

	private static final Pattern TOPIC = Pattern.compile("@Topic\\((?:value = )?\"([^\"]+)\"([^)]*)\\)");

	private static final Pattern PARTITIONS = Pattern.compile("partitions = (\\d+)");

	/**
	 * The broker's default of 45 s is too long: the partitions of a killed consumer wait
	 * for it.
	 */
	private static final int MAX_SESSION_MILLIS = 10_000;

	/** The longest time that a message stays after its topic's retention. */
	private static final long SEGMENT_MILLIS = Duration.ofDays(1).toMillis();

	/** The topics in the code of each service. */
	private static final Map<String, Messaging> SERVICES = Manifests.SERVICES.stream()
		.collect(Collectors.toMap((service) -> service, MessagingRules::messaging));

	private MessagingRules() {
	}

	static void check(Manifests manifests, Consumer<String> findings) {
		sessions(manifests, findings);
		check(Declaration.current(), findings);
		if (manifests.of("Kafka").findAny().isEmpty()) {
			return;
		}
		topics(manifests, SERVICES.values(), findings);
		Map<String, Set<String>> writers = new TreeMap<>();
		SERVICES.forEach((service, own) -> {
			Set<String> granted = granted(manifests, service);
			Set<String> needed = own.operations();
			needed.stream()
				.filter((operation) -> !granted.contains(operation))
				.forEach((operation) -> findings.accept("KafkaUser " + service + ": lacks " + operation));
			granted.stream()
				.filter((operation) -> !needed.contains(operation)
						&& (operation.startsWith("Read") || operation.startsWith("Write")))
				.forEach((operation) -> findings.accept("KafkaUser " + service + ": does not need " + operation));
			granted.stream()
				.filter((operation) -> operation.startsWith("Write"))
				.forEach((operation) -> writers.computeIfAbsent(operation.substring(12), (topic) -> new TreeSet<>())
					.add(service));
		});
		writers.forEach((topic, services) -> {
			if (services.size() != 1) {
				findings.accept("the topic " + topic + " is written by " + services);
			}
		});
	}

	static void check(Declaration declaration, Consumer<String> findings) {
		declaration.services().forEach((name, service) -> {
			Messaging messaging = Objects.requireNonNull(SERVICES.get(name));
			compare(name + " sends", new TreeSet<>(service.sends()), names(messaging.published()), findings);
			Map<String, Set<String>> declared = new TreeMap<>();
			service.receives().forEach((group, topics) -> declared.put(group, new TreeSet<>(topics)));
			Map<String, Set<String>> received = new TreeMap<>();
			messaging.subscriptions()
				.forEach((subscription) -> received.computeIfAbsent(subscription.group(), (group) -> new TreeSet<>())
					.addAll(names(subscription.topics())));
			compare(name + " receives", declared, received, findings);
			compare(name + " observes", new TreeSet<>(service.observes()), names(messaging.observed()), findings);
		});
		Set<NamedTopic> compacted = SERVICES.values()
			.stream()
			.flatMap((service) -> service.published().stream())
			.filter(NamedTopic::compacted)
			.collect(Collectors.toSet());
		compare("compacted", new TreeSet<>(declaration.topics().keySet()), names(compacted), findings);
	}

	private static void compare(String what, Object declared, Object found, Consumer<String> findings) {
		if (!declared.equals(found)) {
			findings.accept(what + " " + found + " in the code, but " + declared + " in platform.yml");
		}
	}

	private static Set<String> names(Set<NamedTopic> topics) {
		return topics.stream().map(NamedTopic::value).collect(Collectors.toCollection(TreeSet::new));
	}

	private static void topics(Manifests manifests, Collection<Messaging> services, Consumer<String> findings) {
		Map<String, NamedTopic> messages = new TreeMap<>();
		Set<String> used = new TreeSet<>();
		services.forEach((service) -> {
			service.topics().forEach((topic) -> messages.put(topic.value(), topic));
			used.addAll(service.deadLetters());
		});
		used.addAll(messages.keySet());
		Set<String> existing = manifests.of("KafkaTopic")
			.map(Kustomize::name)
			.collect(Collectors.toCollection(TreeSet::new));
		if (!existing.equals(used)) {
			findings.accept("the services use the topics " + used + ", but the KafkaTopics are " + existing);
		}
		manifests.of("KafkaTopic").forEach((topic) -> {
			String name = Kustomize.name(topic);
			NamedTopic known = messages.get(name);
			int partitions = (known == null) ? 1 : (known.partitions() > 0) ? known.partitions() : 12;
			boolean compacted = topic.at("/spec/config").path("cleanup.policy").asText().equals("compact");
			if (topic.at("/spec/partitions").asInt() != partitions || topic.at("/spec/replicas").asInt() != 3
					|| topic.at("/spec/config").path("min.insync.replicas").asInt() != 2
					|| topic.at("/spec/config").path("segment.ms").asLong() != SEGMENT_MILLIS
					|| compacted != (known != null && known.compacted())) {
				findings.accept("the topic " + name + " has wrong settings for its messages: " + topic.path("spec"));
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
		timeouts.filter((timeout) -> timeout > MAX_SESSION_MILLIS)
			.forEach((timeout) -> findings
				.accept("a killed consumer keeps its partitions for longer than " + MAX_SESSION_MILLIS + " ms"));
	}

	private static Set<String> granted(Manifests manifests, String service) {
		return manifests.find("KafkaUser", service)
			.stream()
			.flatMap((ObjectNode user) -> Yaml.elements(user.at("/spec/authorization"), "acls"))
			.flatMap((acl) -> Yaml.texts(acl, "operations")
				.map((operation) -> operation + " " + acl.at("/resource/type").asText() + " "
						+ acl.at("/resource/name").asText()
						+ (acl.at("/resource/patternType").asText().equals("prefix") ? "*" : "")))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private static Messaging messaging(String service) {
		List<Subscription> subscriptions = new ArrayList<>();
		Set<NamedTopic> observed = new LinkedHashSet<>();
		Set<NamedTopic> published = new LinkedHashSet<>();
		try (Stream<Path> files = Files.walk(Repository.ROOT.resolve(service).resolve("src/main/java"))) {
			files.filter((file) -> file.toString().endsWith(".java")).map(Yaml::text).forEach((source) -> {
				SUBSCRIPTION.matcher(source)
					.results()
					.map((call) -> new Subscription(call.group(1), topics(source, call.end())))
					.forEach(subscriptions::add);
				OBSERVING.matcher(source).results().forEach((call) -> observed.addAll(topics(source, call.end())));
				PUBLICATION.matcher(source).results().forEach((call) -> published.addAll(topics(source, call.end())));
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Messaging(service, subscriptions, observed, published);
	}

	/** The topics of the message classes in the arguments of a call. */
	private static Set<NamedTopic> topics(String source, int from) {
		int depth = 1;
		int end = from;
		for (; depth > 0; end++) {
			depth += switch (source.charAt(end)) {
				case '(' -> 1;
				case ')' -> -1;
				default -> 0;
			};
		}
		Map<String, String> imports = IMPORT.matcher(source)
			.results()
			.collect(Collectors.toMap((one) -> one.group(2), (one) -> one.group(1)));
		Set<NamedTopic> topics = MESSAGE.matcher(source.substring(from, end))
			.results()
			.map((name) -> topic(imports.getOrDefault(name.group(1), first(PACKAGE, source)), name.group(1)))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		if (topics.isEmpty()) {
			throw new IllegalStateException("No message class found: " + source.substring(from, end));
		}
		return topics;
	}

	/**
	 * The topic of a top-level or nested message class. A class that only one service has
	 * is not on the class path here, so its topic is read from the source.
	 */
	private static NamedTopic topic(String owner, String name) {
		boolean nested = Character.isUpperCase(owner.charAt(owner.lastIndexOf('.') + 1));
		try {
			Topic topic = MessageTypes
				.topicOf(Class.forName(owner + (nested ? "$" : ".") + name).asSubclass(Message.class));
			return new NamedTopic(topic.value(), topic.partitions(), topic.compacted());
		}
		catch (ClassNotFoundException ex) {
			String file = "src/main/java/" + (nested ? owner : owner + "." + name).replace('.', '/') + ".java";
			return Manifests.SERVICES.stream()
				.map((service) -> Repository.ROOT.resolve(service).resolve(file))
				.filter(Files::exists)
				.findAny()
				.map((source) -> topic(Yaml.text(source)))
				.orElseThrow(() -> new IllegalStateException(ex));
		}
	}

	static NamedTopic topic(String source) {
		MatchResult topic = TOPIC.matcher(source).results().findFirst().orElseThrow();
		Matcher partitions = PARTITIONS.matcher(topic.group(2));
		return new NamedTopic(topic.group(1), partitions.find() ? Integer.parseInt(partitions.group(1)) : 0,
				topic.group(2).contains("compacted = true"));
	}

	private static String first(Pattern pattern, String source) {
		return pattern.matcher(source).results().findFirst().orElseThrow().group(1);
	}

	/** The attributes of {@link Topic}. */
	record NamedTopic(String value, int partitions, boolean compacted) {
	}

	/** The topics that a service sends and receives. */
	private record Messaging(String name, List<Subscription> subscriptions, Set<NamedTopic> observed,
			Set<NamedTopic> published) {

		Set<NamedTopic> topics() {
			Set<NamedTopic> all = new LinkedHashSet<>(this.published);
			this.subscriptions.forEach((subscription) -> all.addAll(subscription.topics()));
			all.addAll(this.observed);
			return all;
		}

		List<String> deadLetters() {
			return this.subscriptions.stream()
				.flatMap((subscription) -> subscription.topics()
					.stream()
					.map((topic) -> topic.value() + "." + subscription.group() + ".dlt"))
				.toList();
		}

		Set<String> operations() {
			Set<String> operations = new LinkedHashSet<>();
			for (Subscription subscription : this.subscriptions) {
				operations.add("Read group " + subscription.group());
				subscription.topics().forEach((topic) -> operations.add("Read topic " + topic.value()));
			}
			this.observed.forEach((topic) -> {
				operations.add("Read group " + this.name + ".instance.*");
				operations.add("Read topic " + topic.value());
			});
			this.published.forEach((topic) -> operations.add("Write topic " + topic.value()));
			deadLetters().forEach((topic) -> operations.add("Write topic " + topic));
			return operations;
		}

	}

	private record Subscription(String group, Set<NamedTopic> topics) {
	}

}
