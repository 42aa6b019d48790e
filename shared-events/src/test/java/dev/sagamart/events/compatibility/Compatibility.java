package dev.sagamart.events.compatibility;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.sagamart.events.compatibility.SchemaComparison.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a new form of a contract would break for those who know the old one. */
final class Compatibility {

	private Compatibility() {
	}

	/**
	 * Of the messages of a service. One may go only if a later version of it has come,
	 * and only from what is sent: what is received must be understood as long as it may
	 * lie in a topic.
	 */
	static List<String> brokenMessages(JsonNode before, JsonNode after) {
		List<String> breaks = new ArrayList<>();
		SchemaComparison schemas = new SchemaComparison(before, after, breaks);
		before.path("operations").forEachEntry((id, operation) -> {
			boolean sent = "send".equals(operation.path("action").asString());
			Set<String> names = names(after.path("operations").path(id));
			for (String name : names(operation)) {
				if (names.contains(name)) {
					schemas.compare(name, payload(before, name), payload(after, name),
							sent ? Direction.WRITTEN : Direction.READ);
				}
				else {
					schemas.require(sent && names.stream().anyMatch((other) -> isLater(other, name)),
							id + ": " + name + " is gone");
				}
			}
		});
		before.path("channels")
			.forEachEntry((topic, channel) -> schemas.require(
					channel.path("bindings").equals(after.path("channels").path(topic).path("bindings")),
					topic + ": another topic"));
		return breaks;
	}

	private static Set<String> names(JsonNode operation) {
		return operation.path("messages")
			.valueStream()
			.map((message) -> message.path("$ref").asString())
			.map((reference) -> reference.substring(reference.lastIndexOf('/') + 1))
			.collect(Collectors.toSet());
	}

	private static JsonNode payload(JsonNode document, String name) {
		return document.path("components").path("messages").path(name).path("payload");
	}

	private static boolean isLater(String name, String than) {
		int end = than.lastIndexOf(".v") + 2;
		return name.startsWith(than.substring(0, end))
				&& Integer.parseInt(name.substring(end)) > Integer.parseInt(than.substring(end));
	}

	/** Of the HTTP operations of a service. */
	static List<String> brokenOperations(JsonNode before, JsonNode after) {
		List<String> breaks = new ArrayList<>();
		SchemaComparison schemas = new SchemaComparison(before, after, breaks);
		before.path("paths").forEachEntry((path, operations) -> operations.forEachEntry((method, operation) -> {
			String where = method + " " + path;
			JsonNode now = after.path("paths").path(path).path(method);
			if (now.isMissingNode()) {
				breaks.add(where + ": gone");
				return;
			}
			compareParameters(where, operation, now, schemas);
			compareBody(where + " request", operation.path("requestBody"), now.path("requestBody"), Direction.READ,
					schemas);
			schemas.require(operation.has("requestBody") || !now.path("requestBody").path("required").asBoolean(),
					where + ": a body has to be there now");
			operation.path("responses").forEachEntry((status, answer) -> {
				if (status.startsWith("2")) {
					compareBody(where + " " + status, answer, now.path("responses").path(status), Direction.WRITTEN,
							schemas);
				}
			});
			schemas.require(operation.has("security") || !now.has("security"), where + ": needs a token now");
		}));
		return breaks;
	}

	private static void compareParameters(String where, JsonNode old, JsonNode now, SchemaComparison schemas) {
		Map<String, JsonNode> before = parameters(old);
		Map<String, JsonNode> after = parameters(now);
		before.forEach((name, parameter) -> {
			JsonNode same = after.get(name);
			schemas.require(same != null, where + " " + name + ": gone");
			if (same != null) {
				schemas.compare(where + " " + name, parameter.path("schema"), same.path("schema"), Direction.READ);
			}
		});
		after.forEach((name, parameter) -> schemas.require(
				!parameter.path("required").asBoolean()
						|| (before.containsKey(name) && before.get(name).path("required").asBoolean()),
				where + " " + name + ": has to be there now"));
	}

	private static Map<String, JsonNode> parameters(JsonNode operation) {
		return operation.path("parameters")
			.valueStream()
			.collect(Collectors.toMap(
					(parameter) -> parameter.path("in").asString() + " " + parameter.path("name").asString(),
					Function.identity()));
	}

	private static void compareBody(String where, JsonNode old, JsonNode now, Direction direction,
			SchemaComparison schemas) {
		schemas.require(!now.isMissingNode() || old.isMissingNode(), where + ": gone");
		old.path("content").forEachEntry((type, media) -> {
			JsonNode same = now.path("content").path(type);
			schemas.require(!same.isMissingNode(), where + " as " + type + ": gone");
			schemas.compare(where, media.path("schema"), same.path("schema"), direction);
		});
	}

	/**
	 * Of protobuf: names, numbers and types of fields stay, and the number of one that
	 * goes is reserved.
	 */
	static List<String> brokenProto(FileDescriptorProto before, FileDescriptorProto after) {
		List<String> breaks = new ArrayList<>();
		if (!before.getPackage().equals(after.getPackage())) {
			breaks.add("another package");
		}
		for (DescriptorProto message : before.getMessageTypeList()) {
			find(after.getMessageTypeList(), DescriptorProto::getName, message.getName()).ifPresentOrElse(
					(now) -> compareFields(message, now, breaks), () -> breaks.add(message.getName() + ": gone"));
		}
		for (ServiceDescriptorProto service : before.getServiceList()) {
			List<?> methods = find(after.getServiceList(), ServiceDescriptorProto::getName, service.getName())
				.<List<?>>map(ServiceDescriptorProto::getMethodList)
				.orElse(List.of());
			service.getMethodList()
				.stream()
				.filter((method) -> !methods.contains(method))
				.forEach((method) -> breaks.add(service.getName() + "/" + method.getName() + ": gone or another"));
		}
		return breaks;
	}

	private static void compareFields(DescriptorProto before, DescriptorProto after, List<String> breaks) {
		for (FieldDescriptorProto field : before.getFieldList()) {
			Optional<FieldDescriptorProto> same = after.getFieldList()
				.stream()
				.filter((now) -> now.getNumber() == field.getNumber() || now.getName().equals(field.getName()))
				.min(Comparator.comparing((now) -> now.equals(field) ? 0 : 1));
			boolean kept = same.map(field::equals)
				.orElseGet(() -> after.getReservedRangeList()
					.stream()
					.anyMatch((range) -> range.getStart() <= field.getNumber() && field.getNumber() < range.getEnd()));
			if (!kept) {
				breaks.add(before.getName() + "." + field.getName() + ": another one, or gone and not reserved");
			}
		}
	}

	private static <T> Optional<T> find(List<T> all, Function<T, String> name, String wanted) {
		return all.stream().filter((one) -> name.apply(one).equals(wanted)).findFirst();
	}

}
