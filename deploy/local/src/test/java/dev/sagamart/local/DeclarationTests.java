package dev.sagamart.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests mistakes in the shop's declaration. A project without the shop keeps the shop's
 * file in {@code src/test/resources} for these tests; see docs/fork.md.
 */
class DeclarationTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	@Test
	void isTheSameInTheRepositoryAndInTheBuild() {
		assertThat(Declaration.load(ROOT)).isEqualTo(Declaration.load(Path.of("target/classes/dev/sagamart/local")));
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Declaration.load(ROOT.resolve("deploy")))
			.withMessageContaining("Cannot read");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					port: 8081                    | prt: 8081              | services.user-service.prt: unknown property
					edge: api-gateway             | edge: gateway          | edge: there is no service gateway
					identity: user-service        | identity: nobody       | identity: there is no service nobody
					edge: api-gateway             | edg: api-gateway       | edg: unknown property
					schema: orders                | schema: users          | services.order-service.schema: schema users is already used by services.user-service.schema
					schema: orders                | schema: Orders         | services.order-service.schema: Orders does not match
					schema: orders                | grpc: 7083             | services.order-service.schema: null does not match
					heap: -Xmx168m                | heap: -XX:A            | services.user-service.heap: must begin with -Xmx
					port: 8083                    | port: 8081             | services.order-service.port: port 8081 is already used by services.user-service.port
					grpc: 7082                    | grpc: 9081             | services.product-service.grpc: port 9081 is already used by services.user-service.port (health and metrics)
					port: 18090                   | port: 8080             | stand-ins.payment-simulator.port: port 8080 is already used by
					port: 8084                    | redis: false           | services.payment-service.port: 0 is not a valid port
					port: 8084                    | port: 65000            | services.payment-service.port (health and metrics): 66000 is not a valid port
					port: 8084                    | port: many             | services.payment-service.port: Cannot deserialize
					outside: {mail: 587}          | outside: {mail: }      | services.user-service.outside.mail: has no value
					outside: {mail: 587}          | outside: {E-mail: 1}   | services.user-service.outside: E-mail does not match
					product-service:$             | Products_:             | services.Products_: Products_ does not match
					product-service:$             | user-service:          | Duplicate
					payment-simulator:$           | order-service:         | stand-ins.order-service: is already the name of a service
					payment-simulator:$           | payment_simulator:     | stand-ins.payment_simulator: payment_simulator does not match
					# In the order                | nothing:               | nothing: unknown property
					notifications: [order.events] | notifications: [o]     | services.user-service.receives.user-service.notifications: no service sends the topic o
					notifications: [order.events] | notifications:         | services.user-service.receives.user-service.notifications: has no value
					observes: [product.events]    | observes: [products]   | services.product-service.observes: no service sends the topic products
					payment-service.commands:     | order-service:         | services.payment-service.receives: group order-service is already used by services.order-service.receives
					sends: [payment.events]       | sends: [order.events]  | services.payment-service.sends: topic order.events is already used by services.order-service.sends
					sends: [payment.events]       | sends: [Payments]      | services.payment-service.sends: Payments does not match
					{path: /userinfo}             | {path: userinfo}       | services.user-service.paths: userinfo does not match
					{path: /userinfo}             | {path: /login}         | services.user-service.paths: path /login is already used by services.user-service.paths
					{path: /userinfo}             | {path: /api/v1/categories} | services.product-service.paths: path /api/v1/categories is already used by services.user-service.paths
					{path: /userinfo}             | {path: /userinfo, secret: true} | services.user-service.paths: /userinfo is secret, but has no path variable
					{path: /userinfo}             | {path: /userinfo, thrtled: PUT} | services.user-service.paths
					{path: /userinfo}             | {path: /userinfo, throttled: put} | services.user-service.paths: /userinfo has the unknown method put; the methods are [GET, POST, PUT, PATCH, DELETE]
					{path: /userinfo}             | {path: /userinfo, passwords: [GET, POTS]} | services.user-service.paths: /userinfo has the unknown method POTS
					{path: /userinfo}             | {path: /userinfo, open: GET, only: POST} | services.user-service.paths: /userinfo must not have both open and only
					{path: /userinfo}             | {path: /userinfo, only: POST, audited: GET} | services.user-service.paths: /userinfo allows only [POST], but not GET
					product.events: {             | products: {            | topics.products: no service sends the topic products
					{product-service: grpc}       | {stock-service: grpc}  | services.order-service.calls.stock-service: there is no service stock-service
					{product-service: grpc}       | {order-service: http}  | services.order-service.calls.order-service: a service must not call itself
					{product-service: grpc}       | {user-service: grpc}   | services.order-service.calls.user-service: this service has no grpc port
					{product-service: grpc}       | {product-service: ftp} | services.order-service.calls.product-service: Cannot deserialize
					secrets: [EDGE_SECRET]        | secrets: [EDGE]        | services.api-gateway.secrets: there is no secret EDGE
					EDGE_SECRET: {kube            | #                      | services.user-service.secrets: there is no secret EDGE_SECRET
					{name: edge, key: secret}     | {name: signing, key: k} | secrets.EDGE_SECRET.kubernetes: secret signing is already used by secrets.SIGNING_MASTER_KEY.kubernetes
					{name: edge, key: secret}     | {name: edge}           | secrets.EDGE_SECRET.kubernetes.key: null does not match
					{optional: true}              | # nothing              | secrets.SMTP_PASSWORD: has no value
					http://{payment-simulator}    | http://{simulator}     | services.payment-service.local.PAYMENT_PROVIDER_URL: there is no part or secret simulator
					kubernetes: {PAYMENT_P        | kubernetes: {P         | services.payment-service.local.PAYMENT_PROVIDER_URL: this variable has no value in kubernetes
					{scheme}://                   | {schema}://            | stand-ins.payment-simulator.local.WEBHOOK_URL: there is no part or secret schema
					""")
	void rejectsMistakesWithOneLineThatNamesTheProperty(String right, String wrong, String finding) throws Exception {
		String yaml = new String(Declaration.class.getResourceAsStream("platform.yml").readAllBytes(),
				StandardCharsets.UTF_8);
		boolean section = right.endsWith("$");
		String part = section ? "\n  " + right.replace("$", "\n") : right;
		assertThat(yaml).contains(part);
		String changed = yaml.replaceFirst(Pattern.quote(part),
				Matcher.quoteReplacement(section ? "\n  " + wrong + "\n" : wrong));
		assertRejected(changed).withMessageStartingWith("platform.yml: ")
			.withMessageContaining(finding)
			.extracting(Throwable::getMessage)
			.asString()
			.hasLineCount(1);
	}

	@Test
	void rejectsAServiceAndAStandInThatSayNothing() {
		String yaml = "edge: a\nidentity: a\nservices:\n  a: {schema: a, port: 80, heap: -Xmx64m}\n";
		assertThat(read(yaml).services().get("a").mostInstances()).isEqualTo(6);
		assertRejected(yaml + "  b:\n").withMessage("platform.yml: services.b: has no value");
		assertRejected(yaml + "stand-ins:\n  b:\n").withMessage("platform.yml: stand-ins.b: has no value");
	}

	/** The scripts use no YAML parser. */
	@ParameterizedTest
	@CsvSource({ "services", "stand-ins", "ports" })
	void scriptsReadTheSameValues(String what) throws Exception {
		Process process = new ProcessBuilder(ROOT.resolve("deploy/services").toString(), what)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		assertThat(process.waitFor()).isZero();
		Declaration declared = Declaration.load(ROOT);
		List<String> expected = switch (what) {
			case "services" -> List.copyOf(declared.services().keySet());
			case "stand-ins" -> List.copyOf(declared.standIns().keySet());
			default -> ports(declared).toList();
		};
		assertThat(output.isEmpty() ? new String[0] : output.split(what.equals("ports") ? ", " : " "))
			.containsExactlyInAnyOrderElementsOf(expected);
	}

	private static Stream<String> ports(Declaration declared) {
		return Stream.concat(
				declared.standIns().entrySet().stream().map((part) -> part.getKey() + " " + part.getValue().port()),
				declared.services().entrySet().stream().flatMap((part) -> {
					String port = part.getKey() + " " + part.getValue().port();
					Integer grpc = part.getValue().grpc();
					return (grpc != null) ? Stream.of(port, part.getKey() + "-grpc " + grpc) : Stream.of(port);
				}));
	}

	private static Declaration read(String yaml) {
		return Declaration.read(yaml);
	}

	private static ThrowableAssertAlternative<PartFailedException> assertRejected(String yaml) {
		return assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> read(yaml));
	}

}
