package dev.sagamart.samples.sample;

import dev.sagamart.samples.SamplesTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SampleIntegrationTests extends SamplesTest {

	@Test
	void isWrittenOnceUnderAKey() {
		String first = write(this.owner, "a-key", "Hello").expectStatus()
			.isCreated()
			.returnResult(String.class)
			.getResponseBody();
		write(this.owner, "a-key", "Hello").expectStatus()
			.isCreated()
			.expectHeader()
			.valueEquals("Idempotent-Replayed", "true")
			.expectBody(String.class)
			.isEqualTo(first);
		write(this.owner, "a-key", "Something else").expectStatus().isEqualTo(422);
		assertThat(texts(this.tokens.customer(this.owner))).containsExactly("Hello");
	}

	@Test
	void mustSaySomething() {
		write(this.owner, "a-key", " ").expectStatus()
			.isEqualTo(422)
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo("text");
	}

	@Test
	void isTheOwnersAndAnAdministratorsAlone() {
		UUID id = written("Mine");
		String path = "/api/v1/samples/" + id;
		String stranger = this.tokens.customer(UUID.randomUUID());
		get(path, this.tokens.customer(this.owner)).expectStatus().isOk();
		get(path, this.tokens.admin(UUID.randomUUID())).expectStatus().isOk();
		get(path, stranger).expectStatus().isNotFound();
		this.api.put()
			.uri(path)
			.headers((headers) -> headers.setBearerAuth(stranger))
			.body(Map.of("text", "Theirs"))
			.exchange()
			.expectStatus()
			.isNotFound();
		this.api.delete()
			.uri(path)
			.headers((headers) -> headers.setBearerAuth(stranger))
			.exchange()
			.expectStatus()
			.isNotFound();
		this.api.get().uri(path).exchange().expectStatus().isUnauthorized();
		assertThat(texts(stranger)).isEmpty();
		assertThat(texts(this.tokens.admin(UUID.randomUUID()))).containsExactly("Mine");
	}

	@Test
	void isRewrittenAndRemoved() {
		UUID id = written("First");
		String token = this.tokens.customer(this.owner);
		this.api.put()
			.uri("/api/v1/samples/" + id)
			.headers((headers) -> headers.setBearerAuth(token))
			.body(Map.of("text", "Second"))
			.exchange()
			.expectStatus()
			.isOk();
		assertThat(texts(token)).containsExactly("Second");
		this.api.delete()
			.uri("/api/v1/samples/" + id)
			.headers((headers) -> headers.setBearerAuth(token))
			.exchange()
			.expectStatus()
			.isNoContent();
		assertThat(texts(token)).isEmpty();
	}

	@Test
	void areListedByPagesTheNewestFirst() {
		List.of("one", "two", "three").forEach(this::written);
		String token = this.tokens.customer(this.owner);
		JsonNode first = json("/api/v1/samples?pageSize=2", token);
		assertThat(first.at("/items/0/text").asString() + first.at("/items/1/text").asString()).isEqualTo("threetwo");
		JsonNode second = json("/api/v1/samples?pageSize=2&pageToken=" + first.get("nextPageToken").asString(), token);
		assertThat(second.at("/items/0/text").asString()).isEqualTo("one");
		assertThat(second.get("nextPageToken").isNull()).isTrue();
	}

	private List<String> texts(String token) {
		return json("/api/v1/samples", token).get("items").valueStream().map((item) -> item.get("text").asString()).toList();
	}

	private JsonNode json(String path, String token) {
		return JsonMapper.shared().readTree(get(path, token).returnResult(String.class).getResponseBody());
	}

}
