package dev.sagamart.platform.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.platform.messaging.MessagingProperties;
import dev.sagamart.platform.messaging.outbox.RelayFixture;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class InboxIntegrationTests {

	@Test
	void forgetsWhatIsOlderThanTheRetention() {
		try (RelayFixture fixture = new RelayFixture("purge_tests")) {
			Inbox inbox = new Inbox(fixture.jdbc,
					new MessagingProperties(true, 1, null, null, Duration.ofDays(7), Duration.ofDays(14)),
					Clock.systemUTC());
			JdbcTemplate jdbc = fixture.jdbc;
			jdbc.update(
					"insert into inbox select 'c', gen_random_uuid(), now() - interval '15 days' from generate_series(1, 6000)");
			jdbc.update(
					"insert into inbox select 'c', gen_random_uuid(), now() - interval '13 days' from generate_series(1, 10)");
			inbox.purge();
			assertThat(jdbc.queryForObject("select count(*) from inbox", Long.class)).isEqualTo(10);
		}
	}

}
