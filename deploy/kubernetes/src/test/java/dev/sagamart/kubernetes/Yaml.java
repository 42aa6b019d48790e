package dev.sagamart.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads YAML; duplicate keys are errors. */
final class Yaml {

	private static final YAMLMapper MAPPER = YAMLMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	/** The same files are read for every variant. */
	private static final Map<String, List<JsonNode>> PARSED = new ConcurrentHashMap<>();

	private Yaml() {
	}

	static ObjectNode object(Path file) {
		List<JsonNode> documents = documents(text(file));
		if (documents.size() != 1 || !(documents.getFirst() instanceof ObjectNode object)) {
			throw new IllegalArgumentException(file + " is not one YAML object");
		}
		return object;
	}

	static List<ObjectNode> objects(String text) {
		return documents(text).stream().map(ObjectNode.class::cast).toList();
	}

	static JsonNode value(String text) {
		return documents(text).getFirst();
	}

	static List<JsonNode> documents(String text) {
		return PARSED.computeIfAbsent(text, Yaml::parse).stream().<JsonNode>map(JsonNode::deepCopy).toList();
	}

	private static List<JsonNode> parse(String text) {
		// readValues would return the elements of an array as documents.
		List<JsonNode> documents = new ArrayList<>();
		try (JsonParser parser = MAPPER.createParser(text)) {
			while (parser.nextToken() != null) {
				JsonNode document = MAPPER.readTree(parser);
				if (!document.isNull()) {
					documents.add(document);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return documents;
	}

	static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Stream<JsonNode> elements(JsonNode parent, String field) {
		return stream(parent.path(field));
	}

	static Stream<JsonNode> stream(JsonNode node) {
		return StreamSupport.stream(Spliterators.spliteratorUnknownSize(node.elements(), Spliterator.ORDERED), false);
	}

	static Stream<String> texts(JsonNode parent, String field) {
		return elements(parent, field).map(JsonNode::asText);
	}

	/** The node and everything below it. */
	static Stream<JsonNode> tree(JsonNode node) {
		return Stream.concat(Stream.of(node), stream(node).flatMap(Yaml::tree));
	}

}
