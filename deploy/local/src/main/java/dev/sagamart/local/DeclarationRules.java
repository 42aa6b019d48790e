package dev.sagamart.local;

import dev.sagamart.local.Declaration.EdgePath;
import dev.sagamart.local.Declaration.Protocol;
import dev.sagamart.local.Declaration.Secret;
import dev.sagamart.local.Declaration.Service;
import dev.sagamart.local.Declaration.StandIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Validates a declaration; the first violation is reported.
 *
 * @param owners the property that declares each port, schema, topic, group, path and
 * secret
 */
record DeclarationRules(Declaration declaration, Map<String, String> owners) {

	/** A DNS label, because it names a container, a Kubernetes service and an image. */
	private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

	private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z0-9_]{0,62}");

	/** For topics and consumer groups, which also name Kubernetes resources. */
	private static final Pattern TOPIC = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?");

	private static final Pattern PATH = Pattern.compile("/[^\\s?#]*");

	private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

	private static final int LAST_PORT = 65_535;

	/**
	 * Validates a declaration.
	 * @throws PartFailedException if it is invalid, with one line that names the property
	 */
	static void check(Declaration declaration) {
		DeclarationRules rules = new DeclarationRules(declaration, new HashMap<>());
		rules.requireService("edge", declaration.edge());
		rules.requireService("identity", declaration.identity());
		declaration.services().forEach((name, service) -> rules.checkService("services." + name, name, service));
		declaration.standIns().forEach((name, standIn) -> rules.checkStandIn("stand-ins." + name, name, standIn));
		declaration.services().forEach((name, service) -> rules.checkReferences("services." + name, name, service));
		declaration.topics().keySet().forEach((topic) -> rules.requireSent("topics." + topic, topic));
		declaration.secrets().forEach((name, secret) -> rules.checkSecret("secrets." + name, secret));
	}

	private void checkService(String property, String name, Service service) {
		requireMatch(NAME, property, name);
		declare("schema", SCHEMA, property + ".schema", service.schema());
		checkPort(property + ".port", service.port());
		checkPort(property + ".port (health and metrics)", service.managementPort());
		if (service.grpc() != null) {
			checkPort(property + ".grpc", service.grpc());
		}
		require(service.heap() != null && service.heap().startsWith("-Xmx"), property + ".heap",
				"must begin with -Xmx");
		service.sends().forEach((topic) -> declare("topic", TOPIC, property + ".sends", topic));
		service.receives().keySet().forEach((group) -> declare("group", TOPIC, property + ".receives", group));
		service.paths().forEach((path) -> checkPath(property + ".paths", path));
	}

	private void checkPath(String property, EdgePath path) {
		declare("path", PATH, property, path.path());
		require(path.open().isEmpty() || path.only().isEmpty(), property,
				path.path() + " must not have both open and only");
		require(!path.secret() || path.path().contains("/{"), property,
				path.path() + " is secret, but has no path variable");
		Stream.of(path.open(), path.only(), path.throttled(), path.passwords(), path.audited())
			.flatMap(List::stream)
			.forEach((method) -> {
				require(METHODS.contains(method), property,
						path.path() + " has the unknown method " + method + "; the methods are " + METHODS);
				require(path.only().isEmpty() || path.only().contains(method), property,
						path.path() + " allows only " + path.only() + ", but not " + method);
			});
	}

	private void checkStandIn(String property, String name, StandIn standIn) {
		requireMatch(NAME, property, name);
		require(!this.declaration.services().containsKey(name), property, "is already the name of a service");
		checkPort(property + ".port", standIn.port());
		checkPlaceholders(property, standIn.local(),
				(word) -> this.declaration.secrets().containsKey(word) || word.equals("scheme"));
	}

	private void checkReferences(String property, String name, Service service) {
		service.secrets()
			.forEach((secret) -> require(this.declaration.secrets().containsKey(secret), property + ".secrets",
					"there is no secret " + secret));
		service.receives()
			.forEach((group, topics) -> topics.forEach((topic) -> requireSent(property + ".receives." + group, topic)));
		service.observes().forEach((topic) -> requireSent(property + ".observes", topic));
		service.calls().forEach((other, protocol) -> {
			String call = property + ".calls." + other;
			Service called = requireService(call, other);
			require(!other.equals(name), call, "a service must not call itself");
			require(protocol != Protocol.GRPC || called.grpc() != null, call, "this service has no grpc port");
		});
		service.outside().forEach((server, port) -> {
			requireMatch(NAME, property + ".outside", server);
			require(isPort(port), property + ".outside." + server, port + " is not a valid port");
		});
		checkPlaceholders(property, service.local(), (word) -> false);
		service.local()
			.keySet()
			.forEach((variable) -> require(service.kubernetes().containsKey(variable), property + ".local." + variable,
					"this variable has no value in kubernetes"));
	}

	private void checkSecret(String property, Secret secret) {
		if (secret.kubernetes() != null) {
			requireMatch(NAME, property + ".kubernetes.name", secret.kubernetes().name());
			requireMatch(NAME, property + ".kubernetes.key", secret.kubernetes().key());
			requireUnique(property + ".kubernetes", "secret " + secret.kubernetes().name());
		}
	}

	private void checkPlaceholders(String property, Map<String, String> local, Predicate<String> more) {
		local.forEach((variable, value) -> Declaration.placeholders(value)
			.forEach((word) -> require(
					this.declaration.services().containsKey(word) || this.declaration.standIns().containsKey(word)
							|| more.test(word),
					property + ".local." + variable, "there is no part or secret " + word)));
	}

	private Service requireService(String property, @Nullable String name) {
		Service service = this.declaration.services().get(name);
		if (service == null) {
			throw Declaration.invalid(property, "there is no service " + name);
		}
		return service;
	}

	private void requireSent(String property, String topic) {
		require(this.owners.containsKey("topic " + topic), property, "no service sends the topic " + topic);
	}

	private void checkPort(String property, int port) {
		require(isPort(port), property, port + " is not a valid port");
		requireUnique(property, "port " + port);
	}

	private static boolean isPort(int port) {
		return port > 0 && port <= LAST_PORT;
	}

	/** Checks a name that nothing else of its kind may have. */
	private void declare(String kind, Pattern pattern, String property, @Nullable String name) {
		requireMatch(pattern, property, name);
		requireUnique(property, kind + " " + name);
	}

	private void requireMatch(Pattern pattern, String property, @Nullable String text) {
		require(text != null && pattern.matcher(text).matches(), property, text + " does not match " + pattern);
	}

	private void requireUnique(String property, String key) {
		String other = this.owners.putIfAbsent(key, property);
		require(other == null, property, key + " is already used by " + other);
	}

	private static void require(boolean valid, String property, String problem) {
		if (!valid) {
			throw Declaration.invalid(property, problem);
		}
	}

}
