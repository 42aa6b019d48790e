package dev.sagamart.local;

import java.io.ByteArrayInputStream;
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
 * What is refused is tried with the shop's declaration. A project without the shop keeps
 * that for its tests, in {@code src/test/resources}; docs/fork.md says how.
 */
class DeclarationTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	@Test
	void isReadFromTheRepositoryAsItWasBuilt() {
		assertThat(Declaration.in(ROOT)).isEqualTo(Declaration.in(Path.of("target/classes/dev/sagamart/local")));
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> Declaration.in(ROOT.resolve("deploy")))
			.withMessageContaining("Cannot read");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					port: 8081                    | prt: 8081              | services.user-service.prt: there is no such word
					edge: api-gateway             | edge: gateway          | edge: there is no service gateway
					identity: user-service        | identity: nobody       | identity: there is no service nobody
					edge: api-gateway             | edg: api-gateway       | edg: there is no such word
					schema: orders                | schema: users          | services.order-service.schema: schema users is also that of services.user-service.schema
					schema: orders                | schema: Orders         | services.order-service.schema: Orders is not of the form
					schema: orders                | grpc: 7083             | services.order-service.schema: null is not of the form
					heap: -Xmx168m                | heap: -XX:A            | services.user-service.heap: begins with -Xmx
					port: 8083                    | port: 8081             | services.order-service.port: port 8081 is also that of services.user-service.port
					grpc: 7082                    | grpc: 9081             | services.product-service.grpc: port 9081 is also that of services.user-service.port (health and metrics)
					port: 18090                   | port: 8080             | stand-ins.payment-simulator.port: port 8080 is also that of
					port: 8084                    | redis: false           | services.payment-service.port: 0 is no port
					port: 8084                    | port: 65000            | services.payment-service.port (health and metrics): 66000 is no port
					port: 8084                    | port: many             | services.payment-service.port: Cannot deserialize
					outside: {mail: 587}          | outside: {mail: }      | services.user-service.outside.mail: null is no port
					outside: {mail: 587}          | outside: {E-mail: 1}   | services.user-service.outside: E-mail is not of the form
					product-service:$             | Products_:             | services.Products_: Products_ is not of the form
					product-service:$             | user-service:          | Duplicate
					payment-simulator:$           | order-service:         | stand-ins.order-service: is the name of a service
					payment-simulator:$           | payment_simulator:     | stand-ins.payment_simulator: payment_simulator is not of the form
					# In the order                | nothing:               | nothing: there is no such word
					notifications: [order.events] | notifications: [o]     | services.user-service.receives.user-service.notifications: nobody sends o
					notifications: [order.events] | notifications:         | services.user-service.receives.user-service.notifications: nobody sends
					hears: [product.events]       | hears: [products]      | services.product-service.hears: nobody sends products
					payment-service.commands:     | order-service:         | services.payment-service.receives: group order-service is also that of services.order-service.receives
					sends: [payment.events]       | sends: [order.events]  | services.payment-service.sends: topic order.events is also that of services.order-service.sends
					sends: [payment.events]       | sends: [Payments]      | services.payment-service.sends: Payments is not of the form
					{path: /userinfo}             | {path: userinfo}       | services.user-service.paths: userinfo is not of the form
					{path: /userinfo}             | {path: /login}         | services.user-service.paths: path /login is also that of services.user-service.paths
					{path: /userinfo}             | {path: /api/v1/categories} | services.product-service.paths: path /api/v1/categories is also that of services.user-service.paths
					{path: /userinfo}             | {path: /userinfo, secret: true} | services.user-service.paths: /userinfo is secret and has no variable
					{path: /userinfo}             | {path: /userinfo, thrtled: PUT} | services.user-service.paths
					{path: /userinfo}             | {path: /userinfo, throttled: put} | services.user-service.paths: /userinfo has a method put; there are [GET, POST, PUT, PATCH, DELETE]
					{path: /userinfo}             | {path: /userinfo, passwords: [GET, POTS]} | services.user-service.paths: /userinfo has a method POTS
					{path: /userinfo}             | {path: /userinfo, open: GET, only: POST} | services.user-service.paths: /userinfo has open methods and only some
					{path: /userinfo}             | {path: /userinfo, only: POST, audited: GET} | services.user-service.paths: /userinfo has only [POST], and not GET
					product.events: {             | products: {            | topics.products: nobody sends it
					{product-service: grpc}       | {stock-service: grpc}  | services.order-service.calls.stock-service: there is no service stock-service
					{product-service: grpc}       | {order-service: http}  | services.order-service.calls.order-service: it need not call itself
					{product-service: grpc}       | {user-service: grpc}   | services.order-service.calls.user-service: it has no grpc
					{product-service: grpc}       | {product-service: ftp} | services.order-service.calls.product-service: Cannot deserialize
					secrets: [EDGE_SECRET]        | secrets: [EDGE]        | services.api-gateway.secrets: there is no secret EDGE
					EDGE_SECRET: {kube            | #                      | services.user-service.secrets: there is no secret EDGE_SECRET
					{name: edge, key: secret}     | {name: signing, key: k} | secrets.EDGE_SECRET.kubernetes: secret signing is also that of secrets.SIGNING_MASTER_KEY.kubernetes
					{name: edge, key: secret}     | {name: edge}           | secrets.EDGE_SECRET.kubernetes.key: null is not of the form
					{optional: true}              | # nothing              | secrets.SMTP_PASSWORD: says nothing
					http://{payment-simulator}    | http://{simulator}     | services.payment-service.local.PAYMENT_PROVIDER_URL: there is no simulator
					kubernetes: {PAYMENT_P        | kubernetes: {P         | services.payment-service.local.PAYMENT_PROVIDER_URL: it has no value in kubernetes
					{scheme}://                   | {schema}://            | stand-ins.payment-simulator.local.WEBHOOK_URL: there is no schema
					""")
	void refusesWithOneLineThatNamesThePlace(String right, String wrong, String finding) throws Exception {
		String yaml = new String(Declaration.class.getResourceAsStream("platform.yml").readAllBytes(),
				StandardCharsets.UTF_8);
		boolean section = right.endsWith("$");
		String part = section ? "\n  " + right.replace("$", "\n") : right;
		assertThat(yaml).contains(part);
		String changed = yaml.replaceFirst(Pattern.quote(part),
				Matcher.quoteReplacement(section ? "\n  " + wrong + "\n" : wrong));
		refused(changed).withMessageStartingWith("platform.yml: ")
			.withMessageContaining(finding)
			.extracting(Throwable::getMessage)
			.asString()
			.hasLineCount(1);
	}

	@Test
	void refusesAServiceAndAStandInThatSayNothing() {
		String yaml = "edge: a\nidentity: a\nservices:\n  a: {schema: a, port: 80, heap: -Xmx64m}\n";
		assertThat(read(yaml).services().get("a").mostInstances()).isEqualTo(6);
		refused(yaml + "  b:\n").withMessage("platform.yml: services.b: says nothing");
		refused(yaml + "stand-ins:\n  b:\n").withMessage("platform.yml: stand-ins.b: says nothing");
	}

	/** They have no reader of YAML. */
	@ParameterizedTest
	@CsvSource({ "services", "stand-ins", "ports" })
	void scriptsReadTheSame(String what) throws Exception {
		Process process = new ProcessBuilder(ROOT.resolve("deploy/services").toString(), what)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		assertThat(process.waitFor()).isZero();
		Declaration declared = Declaration.in(ROOT);
		List<String> expected = switch (what) {
			case "services" -> List.copyOf(declared.services().keySet());
			case "stand-ins" -> List.copyOf(declared.standIns().keySet());
			default -> ports(declared).toList();
		};
		assertThat(said.isEmpty() ? new String[0] : said.split(what.equals("ports") ? ", " : " "))
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
		return Declaration.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
	}

	private static ThrowableAssertAlternative<PartFailedException> refused(String yaml) {
		return assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> read(yaml));
	}

}
