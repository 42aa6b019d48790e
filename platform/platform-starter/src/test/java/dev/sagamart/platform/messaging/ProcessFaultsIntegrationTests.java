package dev.sagamart.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.platform.messaging.outbox.RelayFixture;
import dev.sagamart.platform.messaging.outbox.RelayFixture.Load;
import dev.sagamart.platform.test.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens when a whole process ends at the worst moment. */
class ProcessFaultsIntegrationTests {

	private static RelayFixture fixture;

	@BeforeAll
	static void start() {
		TestServers.kafka().createTopics(List.of(ParcelEvent.TOPIC));
		fixture = new RelayFixture("process_tests");
	}

	@AfterAll
	static void stop() {
		fixture.close();
	}

	@Test
	void nothingIsLostOrHandledTwiceWhenProcessesAreKilledAndHaltAnywhere() throws Exception {
		List<UUID> ids = RelayFixture.ids(50);
		for (int i = 0; i < 20; i++) {
			fixture.aggregates.changeAll(ids);
		}

		// Halts after sending, in the middle of the second batch, with nothing of it
		// deleted.
		try (ServiceProcess sender = ServiceProcess.start("sender", fixture.url(),
				"spring.kafka.producer.properties.interceptor.classes=" + HaltingInterceptor.class.getName(),
				"spring.kafka.producer.properties." + HaltingInterceptor.AFTER + "=750", group())) {
			assertThat(sender.awaitEnd()).isEqualTo(ServiceProcess.HALTED);
		}
		// What it received meanwhile may have been poison, and a dead letter is sent too.
		assertThat(fixture.backlog(ParcelEvent.TOPIC)).isEqualTo(500);

		// Halts after the commit of what it handled, with no offset committed.
		try (ServiceProcess receiver = ServiceProcess.start("receiver", fixture.url(), "halt.after.commits=300",
				group())) {
			assertThat(receiver.awaitEnd()).isEqualTo(ServiceProcess.HALTED);
		}
		assertThat(handled()).isPositive();

		try (ServiceProcess one = ServiceProcess.start("one", fixture.url(), group());
				ServiceProcess two = ServiceProcess.start("two", fixture.url(), group())) {
			one.awaitStarted();
			two.awaitStarted();
			try (Load load = fixture.load(ids, 2)) {
				Awaitility.await().until(() -> load.changes() > 500);
				boolean oneLeads = leader().startsWith("one");
				ServiceProcess leader = oneLeads ? one : two;
				leader.kill();
				long killed = System.nanoTime();
				Awaitility.await()
					.pollInterval(Duration.ofMillis(20))
					.atMost(Duration.ofSeconds(15))
					.until(() -> leader().startsWith(oneLeads ? "two" : "one"));
				System.out.printf("The standby took over %d ms after the leader was killed%n",
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
				int enough = load.changes() + 500;
				Awaitility.await().until(() -> load.changes() > enough);
			}
			fixture.awaitAllSent(ids);
			awaitAllHandled(ids);
			ServiceProcess standing = one.isAlive() ? one : two;
			// In order: what is at work ends, and the lock is free at once.
			assertThat(standing.terminate()).isEqualTo(143);
			Awaitility.await().until(() -> leader().isEmpty());
		}
		awaitAllHandled(ids);
	}

	private static String group() {
		return "journal.group=process-faults";
	}

	private static void awaitAllHandled(List<UUID> ids) {
		Journal journal = new Journal(fixture.jdbc, MessagingApplication.GROUP);
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.untilAsserted(() -> ids
				.forEach((id) -> assertThat(journal.of(id)).isEqualTo(Aggregates.sequences(fixture.version(id)))));
	}

	private static long handled() {
		return fixture.jdbc.queryForObject("select count(*) from journal", Long.class);
	}

	/** The application name of the session that holds the lock. */
	private static String leader() {
		return fixture.jdbc.queryForList("""
				select a.application_name from pg_locks l join pg_stat_activity a using (pid)
				where l.locktype = 'advisory' and l.granted and a.application_name like '%outbox relay'
					and a.datname = current_database()""", String.class).stream().findFirst().orElse("");
	}

}
