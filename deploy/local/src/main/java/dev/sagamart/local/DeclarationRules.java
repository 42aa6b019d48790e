package dev.sagamart.local;

import dev.sagamart.local.Declaration.EdgePath;
import dev.sagamart.local.Declaration.Protocol;
import dev.sagamart.local.Declaration.Secret;
import dev.sagamart.local.Declaration.Service;
import dev.sagamart.local.Declaration.StandIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a declaration has to keep. The first thing that it does not is refused. */
final class DeclarationRules {

	/** A DNS label: it is the name of a container, of a Service and of an image. */
	private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

	private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z0-9_]{0,62}");

	/** Of topics and groups, which are also names of resources. */
	private static final Pattern TOPIC = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?");

	private static final Pattern PATH = Pattern.compile("/[^\\s?#]*");

	private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

	private static final int LAST_PORT = 65_535;

	private final Declaration declaration;

	/** Whose each port, schema, topic, group, path and secret in Kubernetes is. */
	private final Map<String, String> owners = new HashMap<>();

	private DeclarationRules(Declaration declaration) {
		this.declaration = declaration;
	}

	/**
	 * Does nothing where all is well.
	 * @throws PartFailedException with one line that names the place
	 */
	static void check(Declaration declaration) {
		DeclarationRules rules = new DeclarationRules(declaration);
		rules.service("edge", declaration.edge());
		rules.service("identity", declaration.identity());
		declaration.services().forEach((name, service) -> rules.own("services." + name, name, service));
		declaration.standIns().forEach((name, standIn) -> rules.standIn("stand-ins." + name, name, standIn));
		declaration.services().forEach((name, service) -> rules.references("services." + name, name, service));
		declaration.topics()
			.keySet()
			.forEach((topic) -> rules.demand(rules.owners.containsKey("topic " + topic), "topics." + topic,
					"nobody sends it"));
		declaration.secrets().forEach((name, secret) -> rules.secret("secrets." + name, secret));
	}

	/** What no other may have too. */
	private void own(String place, String name, @Nullable Service service) {
		matches(NAME, place, name);
		if (service == null) {
			throw Declaration.refused(place, "says nothing");
		}
		matches(SCHEMA, place + ".schema", service.schema());
		once(place + ".schema", "schema " + service.schema());
		port(place + ".port", service.port());
		port(place + ".port (health and metrics)", service.managementPort());
		if (service.grpc() != null) {
			port(place + ".grpc", service.grpc());
		}
		demand(service.heap() != null && service.heap().startsWith("-Xmx"), place + ".heap", "begins with -Xmx");
		service.sends().forEach((topic) -> {
			matches(TOPIC, place + ".sends", topic);
			once(place + ".sends", "topic " + topic);
		});
		service.receives().keySet().forEach((group) -> {
			matches(TOPIC, place + ".receives", group);
			once(place + ".receives", "group " + group);
		});
		service.paths().forEach((path) -> path(place + ".paths", path));
	}

	private void path(String place, EdgePath path) {
		matches(PATH, place, path.path());
		once(place, "path " + path.path());
		demand(path.open().isEmpty() || path.only().isEmpty(), place, path.path() + " has open methods and only some");
		demand(!path.secret() || path.path().contains("/{"), place, path.path() + " is secret and has no variable");
		Stream.of(path.open(), path.only(), path.throttled(), path.passwords(), path.audited())
			.flatMap(List::stream)
			.forEach((method) -> {
				demand(METHODS.contains(method), place,
						path.path() + " has a method " + method + "; there are " + METHODS);
				demand(path.only().isEmpty() || path.only().contains(method), place,
						path.path() + " has only " + path.only() + ", and not " + method);
			});
	}

	private void standIn(String place, String name, @Nullable StandIn standIn) {
		matches(NAME, place, name);
		if (standIn == null) {
			throw Declaration.refused(place, "says nothing");
		}
		demand(!this.declaration.services().containsKey(name), place, "is the name of a service");
		port(place + ".port", standIn.port());
		placeholders(place, standIn.local(),
				(word) -> this.declaration.secrets().containsKey(word) || word.equals("scheme"));
	}

	private void references(String place, String name, Service service) {
		service.secrets()
			.forEach((secret) -> demand(this.declaration.secrets().containsKey(secret), place + ".secrets",
					"there is no secret " + secret));
		service.receives()
			.forEach((group, topics) -> Objects.requireNonNullElse(topics, List.of(""))
				.forEach((topic) -> demand(this.owners.containsKey("topic " + topic), place + ".receives." + group,
						"nobody sends " + topic)));
		service.hears()
			.forEach((topic) -> demand(this.owners.containsKey("topic " + topic), place + ".hears",
					"nobody sends " + topic));
		service.calls().forEach((other, protocol) -> {
			String call = place + ".calls." + other;
			service(call, other);
			demand(!other.equals(name), call, "it need not call itself");
			demand(protocol != Protocol.GRPC || called(other).grpc() != null, call, "it has no grpc");
		});
		service.outside().forEach((server, port) -> {
			matches(NAME, place + ".outside", server);
			demand(isPort(Objects.requireNonNullElse(port, 0)), place + ".outside." + server, port + " is no port");
		});
		placeholders(place, service.local(), (word) -> false);
		service.local()
			.keySet()
			.forEach((variable) -> demand(service.kubernetes().containsKey(variable), place + ".local." + variable,
					"it has no value in kubernetes"));
	}

	private Service called(String name) {
		return Objects.requireNonNull(this.declaration.services().get(name));
	}

	private void secret(String place, @Nullable Secret secret) {
		if (secret == null) {
			throw Declaration.refused(place, "says nothing; {} is a word");
		}
		if (secret.kubernetes() != null) {
			matches(NAME, place + ".kubernetes.name", secret.kubernetes().name());
			matches(NAME, place + ".kubernetes.key", secret.kubernetes().key());
			once(place + ".kubernetes", "secret " + secret.kubernetes().name());
		}
	}

	private void placeholders(String place, Map<String, String> local, Predicate<String> more) {
		local.forEach(
				(variable, value) -> Declaration.placeholders(value)
					.forEach((word) -> demand(
							this.declaration.services().containsKey(word)
									|| this.declaration.standIns().containsKey(word) || more.test(word),
							place + ".local." + variable, "there is no " + word)));
	}

	private void service(String place, @Nullable String name) {
		demand(this.declaration.services().containsKey(name), place, "there is no service " + name);
	}

	private void port(String place, int port) {
		demand(isPort(port), place, port + " is no port");
		once(place, "port " + port);
	}

	private static boolean isPort(int port) {
		return port > 0 && port <= LAST_PORT;
	}

	private void matches(Pattern pattern, String place, @Nullable String text) {
		demand(text != null && pattern.matcher(text).matches(), place, text + " is not of the form " + pattern);
	}

	private void once(String place, String what) {
		String other = this.owners.putIfAbsent(what, place);
		demand(other == null, place, what + " is also that of " + other);
	}

	private void demand(boolean kept, String place, String trouble) {
		if (!kept) {
			throw Declaration.refused(place, trouble);
		}
	}

}
