package dev.sagamart.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What {@code platform.yml} says: each service, once.
 *
 * @param edge the service that clients talk to
 * @param identity the service that makes their tokens
 * @param services by name
 * @param standIns programs that stand in for what belongs to others, by name
 * @param secrets by the name of the variable that services get them in
 */
record Declaration(String edge, String identity, Map<String, Service> services, Map<String, StandIn> standIns,
		Map<String, Secret> secrets) {

	private static final int WORD_BYTES = 24;

	/** As this was built with it. */
	static final Declaration OURS = ours();

	Declaration {
		services = inOrder(services);
		standIns = inOrder(standIns);
		secrets = inOrder(secrets);
	}

	/**
	 * A service of ours.
	 *
	 * @param schema of the database, which is also its role
	 * @param port of its API; that for health and metrics is a thousand higher
	 * @param grpc the port of its gRPC server, if it has one
	 * @param heap options of its JVM that say how large the heap and its parts get
	 * @param secrets that it gets
	 * @param local more variables where all runs on one machine; in braces, the name of a
	 * part is its address
	 * @param paths what the edge leads to it; the gateway reads them
	 */
	record Service(String schema, int port, @Nullable Integer grpc, String heap, List<String> secrets,
			Map<String, String> local, List<Object> paths) {

		Service {
			secrets = List.copyOf(Objects.requireNonNullElse(secrets, List.of()));
			local = inOrder(local);
		}

		int managementPort() {
			return this.port + 1000;
		}

	}

	/**
	 * A program that stands in for what belongs to others.
	 *
	 * @param local its variables, as those of a service; also {@code {scheme}}, and the
	 * names of secrets
	 */
	record StandIn(int port, Map<String, String> local) {

		StandIn {
			local = inOrder(local);
		}

	}

	/**
	 * Something that is made at random.
	 *
	 * @param prefix what a word begins with
	 * @param bytes how many bytes, in base64; 0 for a word
	 */
	record Secret(@Nullable String prefix, int bytes) {

		static final Secret WORD = new Secret(null, 0);

		private static final SecureRandom RANDOM = new SecureRandom();

		/** Makes one. */
		String random() {
			byte[] random = new byte[(this.bytes > 0) ? this.bytes : WORD_BYTES];
			RANDOM.nextBytes(random);
			return (this.bytes > 0) ? Base64.getEncoder().encodeToString(random)
					: Objects.requireNonNullElse(this.prefix, "") + word(random);
		}

		private static String word(byte[] random) {
			return Base64.getUrlEncoder().withoutPadding().encodeToString(random).replaceAll("[_-]", "x");
		}

	}

	static Declaration read(InputStream yaml) {
		try {
			Declaration declaration = YAMLMapper.builder()
				.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
				.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
				.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
				.build()
				.readValue(yaml, Declaration.class);
			declaration.check();
			return declaration;
		}
		catch (JacksonException ex) {
			throw new PartFailedException("platform.yml: " + ex.getOriginalMessage(), ex);
		}
	}

	private void check() {
		demand(this.services.containsKey(this.edge), "edge: there is no service " + this.edge);
		demand(this.services.containsKey(this.identity), "identity: there is no service " + this.identity);
		this.services.forEach((name, service) -> service.secrets()
			.forEach((secret) -> demand(this.secrets.containsKey(secret), name + ": there is no secret " + secret)));
	}

	private static void demand(boolean condition, String trouble) {
		if (!condition) {
			throw new PartFailedException("platform.yml: " + trouble);
		}
	}

	private static Declaration ours() {
		try (InputStream yaml = Declaration.class.getResourceAsStream("platform.yml")) {
			return read(Objects.requireNonNull(yaml, "platform.yml: build deploy/local with Maven"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static <T> Map<String, T> inOrder(@Nullable Map<String, T> map) {
		return (map != null) ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
	}

}
