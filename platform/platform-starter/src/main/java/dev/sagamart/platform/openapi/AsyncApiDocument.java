package dev.sagamart.platform.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messages.Topic;
import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Publication;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.DependsOn;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Describes the messages that a service sends and receives as an AsyncAPI document. Each
 * request creates it from the {@link Publication}s and {@link Subscription}s.
 */
@RestController
@ConditionalOnProperty("sagamart.schema")
@DependsOn("modelConverterRegistrar")
class AsyncApiDocument {

	static final String PATH = "/asyncapi.json";

	private static final ObjectMapper JSON = Json31.mapper();

	private static final String DOCUMENT = """
			{"asyncapi": "3.0.0", "info": {"version": "v1"}, "defaultContentType": "application/json",
			 "channels": {}, "operations": {},
			 "components": {"messageTraits": {"cloudEvent": {"headers": {"type": "object",
			  "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject", "content-type",
			    "correlationId"],
			  "properties": {
			   "ce_specversion": {"const": "1.0"}, "ce_id": {"type": "string", "format": "uuid"},
			   "ce_type": {"type": "string", "description": "the name of the message"},
			   "ce_source": {"type": "string", "description": "the service that sends it"},
			   "ce_time": {"type": "string", "format": "date-time"},
			   "ce_subject": {"type": "string", "description": "what it is about, as in its key"},
			   "content-type": {"const": "application/json"},
			   "correlationId": {"type": "string", "description": "of the request at the beginning"},
			   "traceparent": {"type": "string", "description": "W3C trace context"}}}}}}}
			""";

	private final String service;

	private final List<Publication> publications;

	private final List<Subscription> subscriptions;

	private final MessagingProperties properties;

	private final ExactSchemas exactSchemas;

	AsyncApiDocument(@Value("${spring.application.name:sagamart}") String service, List<Publication> publications,
			List<Subscription> subscriptions, MessagingProperties properties, ExactSchemas exactSchemas) {
		this.service = service;
		this.publications = publications;
		this.subscriptions = subscriptions.stream().sorted(Comparator.comparing(Subscription::group)).toList();
		this.properties = properties;
		this.exactSchemas = exactSchemas;
	}

	@PermitAll
	@Operation(hidden = true)
	@GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
	byte[] read() throws JsonProcessingException {
		ObjectNode document = JSON.readValue(DOCUMENT, ObjectNode.class);
		document.withObjectProperty("info").put("title", this.service);
		inOrder(MessageTypes
			.byName(this.publications.stream().flatMap((publication) -> publication.families().stream()))
			.values()).forEach((type) -> operation(document, "send", type, this.service + ".sends."));
		for (Subscription subscription : this.subscriptions) {
			inOrder(subscription.taken())
				.forEach((type) -> operation(document, "receive", type, subscription.group() + ".receives.")
					.putObject("bindings")
					.putObject("kafka")
					.putObject("groupId")
					.put("const", subscription.group()));
		}
		return JSON.writeValueAsBytes(document);
	}

	private static List<Class<? extends Message>> inOrder(Collection<Class<? extends Message>> types) {
		return types.stream().sorted(Comparator.comparing(MessageTypes::nameOf)).toList();
	}

	/** Adds a message to the operation on its topic, and returns the operation. */
	private ObjectNode operation(ObjectNode document, String action, Class<? extends Message> type, String prefix) {
		Topic topic = MessageTypes.topicOf(type);
		String name = MessageTypes.nameOf(type);
		ObjectNode components = document.withObjectProperty("components");
		message(components, name, type);
		ObjectNode channel = document.withObjectProperty("channels").withObjectProperty(topic.value());
		channel(channel, topic).putObject(name).put("$ref", "#/components/messages/" + name);
		ObjectNode operation = document.withObjectProperty("operations").withObjectProperty(prefix + topic.value());
		operation.put("action", action).withObjectProperty("channel").put("$ref", "#/channels/" + topic.value());
		operation.withArrayProperty("messages")
			.addObject()
			.put("$ref", "#/channels/" + topic.value() + "/messages/" + name);
		return operation;
	}

	/** Describes the topic of a channel, and returns the messages of the channel. */
	private ObjectNode channel(ObjectNode channel, Topic topic) {
		NewTopic made = this.properties.newTopic(topic);
		channel.put("address", topic.value());
		ObjectNode kafka = channel.withObjectProperty("bindings").putObject("kafka");
		kafka.put("partitions", made.numPartitions()).put("bindingVersion", "0.5.0");
		ObjectNode configuration = kafka.putObject("topicConfiguration");
		configuration.putArray(TopicConfig.CLEANUP_POLICY_CONFIG)
			.add(topic.compacted() ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
		if (!topic.compacted()) {
			configuration.put(TopicConfig.RETENTION_MS_CONFIG, this.properties.topicRetention().toMillis());
		}
		return channel.withObjectProperty("messages");
	}

	private void message(ObjectNode components, String name, Class<? extends Message> type) {
		ResolvedSchema schema = ModelConverters.getInstance(true)
			.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
		this.exactSchemas.refine(schema.referencedSchemas, Set.of());
		schema.referencedSchemas.forEach((part, partSchema) -> components.withObjectProperty("schemas")
			.set(part, JSON.<JsonNode>valueToTree(partSchema)));
		ObjectNode message = components.withObjectProperty("messages").putObject(name).put("name", name);
		message.set("payload", JSON.valueToTree(schema.schema));
		message.putArray("traits").addObject().put("$ref", "#/components/messageTraits/cloudEvent");
		message.putObject("bindings").putObject("kafka").putObject("key").put("type", "string").put("format", "uuid");
	}

}
