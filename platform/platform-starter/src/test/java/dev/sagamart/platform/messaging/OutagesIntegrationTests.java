package dev.sagamart.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.platform.messaging.deadletter.DeadLetter.Filter;
import dev.sagamart.platform.messaging.deadletter.DeadLetters;
import dev.sagamart.platform.messaging.outbox.RelayFixture.Load;
import dev.sagamart.platform.messaging.outbox.RelayFixture;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/** A whole service whose broker and database go away and come back. */
class OutagesIntegrationTests {

	private static final String GROUP = "outages";

	@Test
	void startsWithoutTheBrokerAndOutlivesOutagesOfBoth() throws Exception {
		try (RelayFixture fixture = new RelayFixture("outage_tests")) {
			List<UUID> ids = RelayFixture.ids(20);
			TestServers.kafka().createTopics(List.of(ParcelEvent.TOPIC));
			TestServers.kafka().stop();
			ConfigurableApplicationContext context = run(fixture);
			try {
				Aggregates aggregates = context.getBean(Aggregates.class);
				Journal journal = context.getBean(Journal.class);
				assertReady(context);
				aggregates.changeAll(ids);
				assertThat(fixture.backlog()).isEqualTo(20);
				awaitGauge(context, "sagamart.outbox.rows", 20);
				TestServers.kafka().start();
				awaitHandled(fixture, journal, ids);
				awaitGauge(context, "sagamart.outbox.rows", 0);

				try (Load load = fixture.load(ids, 2)) {
					awaitChanges(load, 300);
					TestServers.kafka().kill();
					awaitChanges(load, 300);
					assertReady(context);
					TestServers.kafka().start();
					awaitChanges(load, 300);
					TestServers.postgres().terminateBackends(RelayFixture.SCHEMA);
					awaitChanges(load, 300);
					TestServers.postgres().kill();
					TestServers.postgres().start();
					awaitChanges(load, 300);
				}
				fixture.awaitAllSent(ids);
				awaitHandled(fixture, journal, ids);
				Set<String> keys = ids.stream().map(UUID::toString).collect(Collectors.toSet());
				// What others sent to the topic may be poison.
				assertThat(context.getBean(DeadLetters.class).list(Filter.ALL, false, 100, null))
					.noneMatch((deadLetter) -> keys.contains(deadLetter.key()));
				awaitGauge(context, "sagamart.consumer.lag", 0);
			}
			finally {
				Instant begin = Instant.now();
				context.close();
				assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
			}
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void waitsForADatabaseThatComesUpAtTheSameTime(CapturedOutput output) throws Exception {
		try (RelayFixture fixture = new RelayFixture("start_tests")) {
			TestServers.postgres().kill();
			CompletableFuture<ConfigurableApplicationContext> starting;
			try {
				starting = CompletableFuture.supplyAsync(() -> run(fixture));
				Awaitility.await()
					.atMost(Duration.ofMinutes(3))
					.until(() -> output.getOut().contains("outage-service - Starting..."));
			}
			finally {
				TestServers.postgres().start();
			}
			try (ConfigurableApplicationContext context = starting.get(4, TimeUnit.MINUTES)) {
				assertReady(context);
			}
		}
	}

	private static ConfigurableApplicationContext run(RelayFixture fixture) {
		return new SpringApplicationBuilder(MessagingApplication.class).run("--spring.application.name=outage-service",
				"--sagamart.schema=" + RelayFixture.SCHEMA, "--spring.datasource.url=" + fixture.url(),
				"--POSTGRES_PASSWORD=" + RelayFixture.password(),
				"--KAFKA_BOOTSTRAP_SERVERS=" + TestServers.kafka().address(),
				"--JWKS_URI=" + TestTokens.shared().jwksUri(), "--server.port=0", "--management.server.port=0",
				"--spring.flyway.locations=classpath:db/messaging-tests", "--logging.structured.format.console=",
				"--journal.group=" + GROUP);
	}

	private static void assertReady(ConfigurableApplicationContext context) throws Exception {
		String port = context.getEnvironment().getRequiredProperty("local.management.port");
		try (HttpClient client = HttpClient.newHttpClient()) {
			assertThat(client
				.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health/readiness"))
					.build(), BodyHandlers.ofString())
				.statusCode()).isEqualTo(200);
		}
	}

	private static void awaitGauge(ConfigurableApplicationContext context, String name, double value) {
		MeterRegistry meters = context.getBean(MeterRegistry.class);
		Awaitility.await().untilAsserted(() -> assertThat(meters.get(name).gauge().value()).isEqualTo(value));
	}

	private static void awaitChanges(Load load, int more) {
		int enough = load.changes() + more;
		Awaitility.await().until(() -> load.changes() > enough);
	}

	private static void awaitHandled(RelayFixture fixture, Journal journal, List<UUID> ids) {
		Awaitility.await()
			.ignoreExceptionsInstanceOf(DataAccessException.class)
			.atMost(Duration.ofMinutes(2))
			.untilAsserted(() -> ids
				.forEach((id) -> assertThat(journal.of(id)).isEqualTo(Aggregates.sequences(fixture.version(id)))));
	}

}
