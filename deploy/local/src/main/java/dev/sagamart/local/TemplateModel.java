package dev.sagamart.local;

import dev.sagamart.local.Declaration.Protocol;
import dev.sagamart.local.Declaration.Secret;
import dev.sagamart.local.Declaration.Service;
import dev.sagamart.local.Declaration.StandIn;
import dev.sagamart.local.Declaration.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The values for templates: the properties of each service, stand-in and secret in
 * {@code platform.yml}, and the values that are derived from them here.
 */
final class TemplateModel {

	private final Declaration declaration;

	private final Map<String, Service> services = new LinkedHashMap<>();

	TemplateModel(Declaration declaration) {
		this.declaration = declaration;
		this.services.put(declaration.edge(), Objects.requireNonNull(declaration.services().get(declaration.edge())));
		this.services.putAll(declaration.services());
	}

	/** The address of a part, and the environment variable that contains it. */
	record Endpoint(String host, int port, String variable, String address) {
	}

	record Ingress(int port, List<String> callers) {
	}

	record SentTopic(String topic, boolean compacted) {
	}

	List<Map<String, Object>> services() {
		return toModels(this.services, this::service);
	}

	/** The model of templates that produce one file. */
	Map<String, Object> platform() {
		List<Map<String, Object>> all = services();
		Map<String, Object> model = new LinkedHashMap<>();
		model.put("services", all);
		model.put("edge", all.getFirst());
		model.put("inner", all.subList(1, all.size()));
		model.put("messengers", where(all, "messaging"));
		model.put("mailers", where(all, "mail"));
		model.put("redis-users", where(all, "redis"));
		model.put("identity", endpoint(this.declaration.identity()));
		model.put("stand-ins", toModels(this.declaration.standIns(), this::standIn));
		model.put("secrets", toModels(this.declaration.secrets(), TemplateModel::secret));
		model.put("topics",
				this.services.values()
					.stream()
					.flatMap((service) -> service.sends().stream())
					.map((topic) -> new SentTopic(topic,
							this.declaration.topics().getOrDefault(topic, new Topic(false)).compacted()))
					.toList());
		model.put("all-instances", this.services.values().stream().mapToInt(Service::mostInstances).sum());
		return model;
	}

	private Map<String, Object> service(String name, Service service) {
		Map<String, Object> model = Declaration.propertiesOf(service);
		Map<String, String> config = new LinkedHashMap<>();
		calls(name, service).filter((called) -> !called.equals(endpoint(this.declaration.identity())))
			.forEach((called) -> config.put(called.variable(), called.address()));
		config.putAll(service.kubernetes());
		model.put("name", name);
		model.put("application", application(name));
		model.put("password", service.schema().toUpperCase(Locale.ROOT) + "_PASSWORD");
		model.put("management", service.managementPort());
		model.put("messaging",
				!service.sends().isEmpty() || !service.receives().isEmpty() || !service.observes().isEmpty());
		model.put("observing", !service.observes().isEmpty());
		model.put("secrets",
				service.secrets()
					.stream()
					.map((secret) -> secret(secret, Objects.requireNonNull(this.declaration.secrets().get(secret))))
					.toList());
		model.put("endpoints", endpoints(name, service).toList());
		model.put("calls", calls(name, service).toList());
		model.put("ingress", ingress(name, service));
		model.put("stand-ins",
				placeholders(service.local()).filter(this.declaration.standIns()::containsKey)
					.map(this::endpoint)
					.toList());
		model.put("config", config);
		model.put("configured", !config.isEmpty());
		model.put("local", replacePlaceholders(service.local()));
		model.put("local-here", !service.local().isEmpty());
		model.put("goes-out", !service.outside().isEmpty());
		model.put("mail", service.outside().containsKey("mail"));
		return model;
	}

	/** The name of the application class: {@code OrderServiceApplication}. */
	private static String application(String name) {
		return Pattern.compile("(^|-)(.)").matcher(name).replaceAll((word) -> word.group(2).toUpperCase(Locale.ROOT))
				+ "Application";
	}

	private Map<String, Object> standIn(String name, StandIn standIn) {
		Map<String, String> secrets = new LinkedHashMap<>();
		standIn.local()
			.forEach((variable, value) -> Declaration.placeholders(value)
				.filter(this.declaration.secrets()::containsKey)
				.forEach((secret) -> secrets.put(variable, secret)));
		Map<String, String> plain = new LinkedHashMap<>(standIn.local());
		plain.keySet().removeAll(secrets.keySet());
		Map<String, Object> model = Declaration.propertiesOf(standIn);
		model.put("name", name);
		model.put("secrets", secrets);
		model.put("local", replacePlaceholders(plain));
		model.put("calls", placeholders(plain).filter(this.services::containsKey).map(this::endpoint).toList());
		model.put("callers", serviceNames((other, service) -> placeholders(service.local()).anyMatch(name::equals)));
		return model;
	}

	private static Map<String, Object> secret(String variable, Secret secret) {
		Map<String, Object> model = Declaration.propertiesOf(secret);
		model.put("variable", variable);
		model.put("master-key", variable.endsWith("_MASTER_KEY"));
		model.put("maker", secret.optional() ? "nothing" : (secret.bytes() > 0) ? "bytes " + secret.bytes()
				: ("word " + Objects.requireNonNullElse(secret.prefix(), "")).strip());
		return model;
	}

	/**
	 * The edge calls all services, the others call the identity and what they declare.
	 */
	private Stream<Endpoint> calls(String name, Service service) {
		Stream<String> always = (name.equals(this.declaration.edge()) ? this.services.keySet().stream()
				: Stream.of(this.declaration.identity()))
			.filter((other) -> !other.equals(name));
		return Stream
			.concat(always.map(this::endpoint),
					service.calls().entrySet().stream().map((call) -> endpoint(call.getKey(), call.getValue())))
			.distinct();
	}

	private List<Ingress> ingress(String name, Service service) {
		return endpoints(name, service)
			.map((endpoint) -> new Ingress(endpoint.port(),
					serviceNames((other, caller) -> calls(other, caller).anyMatch(endpoint::equals))))
			.filter((ingress) -> !ingress.callers().isEmpty())
			.toList();
	}

	private Stream<Endpoint> endpoints(String name, Service service) {
		return Stream.of(Protocol.values())
			.filter((protocol) -> protocol == Protocol.HTTP || service.grpc() != null)
			.map((protocol) -> endpoint(name, protocol));
	}

	private Endpoint endpoint(String name) {
		return endpoint(name, Protocol.HTTP);
	}

	private Endpoint endpoint(String name, Protocol protocol) {
		Service service = this.services.get(name);
		if (service != null && service.grpc() != null && protocol == Protocol.GRPC) {
			return new Endpoint(name, service.grpc(), Declaration.grpcVariable(name), name + ":" + service.grpc());
		}
		int port = (service != null) ? service.port()
				: Objects.requireNonNull(this.declaration.standIns().get(name)).port();
		return new Endpoint(name, port, Declaration.variable(name) + "_URL", "http://" + name + ":" + port);
	}

	/**
	 * Replaces placeholders by the addresses of containers, which are named after parts.
	 */
	private Map<String, String> replacePlaceholders(Map<String, String> variables) {
		return Declaration.replacePlaceholders(variables,
				(word) -> word.equals("scheme") ? "http" : word + ":" + endpoint(word).port());
	}

	private static Stream<String> placeholders(Map<String, String> variables) {
		return variables.values().stream().flatMap(Declaration::placeholders).distinct();
	}

	private List<String> serviceNames(BiPredicate<String, Service> condition) {
		return this.services.entrySet()
			.stream()
			.filter((service) -> condition.test(service.getKey(), service.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

	private static List<Map<String, Object>> where(List<Map<String, Object>> all, String word) {
		return all.stream().filter((one) -> Boolean.TRUE.equals(one.get(word))).toList();
	}

	private static <T> List<Map<String, Object>> toModels(Map<String, T> declared,
			BiFunction<String, T, Map<String, Object>> model) {
		return declared.entrySet().stream().map((one) -> model.apply(one.getKey(), one.getValue())).toList();
	}

}
