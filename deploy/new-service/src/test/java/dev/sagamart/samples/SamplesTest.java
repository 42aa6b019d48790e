package dev.sagamart.samples;

import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.test.TestTokens;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** The whole service, between real servers, called as clients call it. */
@PlatformTest
public abstract class SamplesTest {

	@Autowired
	protected RestTestClient api;

	@Autowired
	protected TestTokens tokens;

	@Autowired
	protected KafkaMessages messages;

	protected final UUID owner = UUID.randomUUID();

	@BeforeEach
	void empty() throws SQLException {
		TestServers.postgres().truncate("samples");
	}

	protected ResponseSpec write(UUID user, String key, String text) {
		return this.api.post()
			.uri("/api/v1/samples")
			.headers((headers) -> {
				headers.setBearerAuth(this.tokens.customer(user));
				headers.set("Idempotency-Key", key);
			})
			.body(Map.of("text", text))
			.exchange();
	}

	/** The id of what the owner has written. */
	protected UUID written(String text) {
		String location = write(this.owner, UUID.randomUUID().toString(), text).expectStatus()
			.isCreated()
			.returnResult(String.class)
			.getResponseHeaders()
			.getFirst("Location");
		return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
	}

	protected ResponseSpec get(String path, String token) {
		return this.api.get().uri(path).headers((headers) -> headers.setBearerAuth(token)).exchange();
	}

}
