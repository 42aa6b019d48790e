package dev.sagamart.platform.test.sample;

import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import dev.sagamart.platform.test.sample.NoteEvent.NoteChanged;
import java.sql.Connection;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest(
		properties = { "sagamart.schema=notes", "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=${JWKS_URI}",
				"spring.datasource.url=jdbc:postgresql://${POSTGRES_ADDRESS}/sagamart",
				"spring.datasource.username=notes", "spring.datasource.password=${POSTGRES_PASSWORD}" })
class PlatformTestIntegrationTests {

	@Autowired
	RestTestClient client;

	@Autowired
	TestTokens tokens;

	@Autowired
	KafkaMessages messages;

	@Autowired
	Environment environment;

	@Autowired
	DataSource database;

	@Test
	void acceptsOnlyTestTokens() {
		UUID user = UUID.randomUUID();
		this.client.get()
			.uri("/who-am-i")
			.headers((headers) -> headers.setBearerAuth(this.tokens.customer(user)))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo(user.toString());
		String forged = this.tokens.token().signedBy(TestTokens.newKeys().getPrivate()).compact();
		this.client.get()
			.uri("/who-am-i")
			.headers((headers) -> headers.setBearerAuth(forged))
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	@Test
	void connectsWithTheRoleOfTheSchema() throws Exception {
		try (Connection connection = this.database.getConnection()) {
			assertThat(connection.getMetaData().getUserName()).isEqualTo("notes");
			assertThat(connection.getSchema()).isEqualTo("notes");
		}
	}

	@Test
	void setsThePropertiesOfTheLauncher() {
		assertThat(this.environment.getProperty("POSTGRES_ADDRESS")).isEqualTo(TestServers.postgres().address());
		assertThat(this.environment.getProperty("POSTGRES_PASSWORD"))
			.isEqualTo(TestServers.postgres().password("notes"));
		assertThat(this.environment.getProperty("KAFKA_BOOTSTRAP_SERVERS")).isEqualTo(TestServers.kafka().address());
		assertThat(this.environment.getProperty("REDIS_ADDRESS")).isEqualTo(TestServers.redis().address());
		assertThat(this.environment.getProperty("management.server.port")).isEqualTo("0");
	}

	@Test
	void providesKafkaMessagesAsABean() {
		NoteChanged changed = new NoteChanged(UUID.randomUUID(), "A note", 1);
		this.messages.send(changed);
		assertThat(this.messages.await(NoteChanged.class, changed.noteId())).isEqualTo(changed);
	}

}
