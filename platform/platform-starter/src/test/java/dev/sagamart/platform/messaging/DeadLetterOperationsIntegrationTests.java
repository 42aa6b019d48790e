package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.ParcelEvent.ParcelRefused;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators do with dead letters over HTTP. */
@ParcelServiceTest
class DeadLetterOperationsIntegrationTests {

	private static final String PATH = "/api/v1/operations/parcel/dead-letters";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Autowired
	private Journal journal;

	@Autowired
	private KafkaMessages kafka;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private RestTestClient client;

	@Autowired
	private TestTokens tokens;

	@Autowired
	private ScheduledTaskHolder scheduled;

	@Test
	void repairTheirPayloadBesideTheOriginal() {
		UUID parcel = UUID.randomUUID();
		String letter = PATH + "/" + park(parcel, UUID.randomUUID().toString(), "{\"parcelId\": \"");
		call(HttpMethod.PUT, letter, Map.of("payload", "{}"), 422, "MESSAGE_UNREADABLE");
		call(HttpMethod.PUT, letter, Map.of("headers", Map.of()), 422, "MESSAGE_UNREADABLE");
		String good = JSON.writeValueAsString(Aggregates.shipped(parcel, 7));
		for (int i = 0; i < 2; i++) {
			JsonNode fixed = call(HttpMethod.PUT, letter, Map.of("payload", good), 200);
			assertThat(fixed.at("/payload").asString()).isEqualTo("{\"parcelId\": \"");
			assertThat(fixed.at("/fix/payload").asString()).isEqualTo(good);
			assertThat(call(HttpMethod.GET, letter, null, 200)).isEqualTo(fixed);
		}
		assertThat(this.journal.of(parcel)).isEmpty();
		call(HttpMethod.POST, letter + "/replay", null, 204);
		assertThat(this.journal.of(parcel)).containsExactly(7);
		call(HttpMethod.POST, letter + "/replay", null, 404);
		call(HttpMethod.PUT, letter, Map.of("payload", good), 404);
		call(HttpMethod.GET, letter, null, 404);
	}

	@Test
	void repairTheirHeadersButGiveThemNoOtherId() {
		UUID parcel = UUID.randomUUID();
		String good = JSON.writeValueAsString(Aggregates.shipped(parcel, 1));
		String eventId = UUID.randomUUID().toString();
		String letter = PATH + "/" + park(parcel, "none", good);
		String other = PATH + "/" + park(parcel, eventId, "{");
		Map<String, String> headers = KafkaMessages.headers(UUID.fromString(eventId), "parcel.shipped.v1",
				parcel.toString());
		call(HttpMethod.PUT, letter, Map.of("headers", headers), 200);
		call(HttpMethod.POST, letter + "/replay", null, 409, "REPLAY_FAILED");
		assertThat(call(HttpMethod.GET, letter, null, 200).at("/cause").asString()).contains("was received before");
		headers.put("ce_id", UUID.randomUUID().toString());
		call(HttpMethod.PUT, other, Map.of("headers", headers, "payload", good), 422, "MESSAGE_UNREADABLE");
		call(HttpMethod.PUT, letter, Map.of("headers", headers), 200);
		call(HttpMethod.POST, letter + "/replay", null, 204);
		assertThat(this.journal.of(parcel)).containsExactly(1);
	}

	@Test
	void keepWhatIsPersonalMaskedAndEncrypted() {
		UUID parcel = UUID.randomUUID();
		String secret = "Ann of " + parcel;
		this.journal.failOn(parcel, () -> new IllegalStateException("No"));
		this.kafka.send(UUID.randomUUID(),
				new ParcelRefused(parcel, Aggregates.USER, 3, Instant.EPOCH, ParcelEvent.Reason.TOO_HEAVY, secret));
		String letter = PATH + "/" + await(parcel, 1).getFirst();
		String masked = call(HttpMethod.GET, letter, null, 200).at("/payload").asString();
		JsonNode fixed = call(HttpMethod.PUT, letter, Map.of("payload", masked.replace("TOO_HEAVY", "TOO_LARGE")), 200);
		assertThat(fixed.at("/fix/payload").asString()).contains("TOO_LARGE", "***").doesNotContain(secret);
		assertThat(this.jdbc.queryForObject("select d::text from dead_letter d where msg_key = ?", String.class,
				parcel.toString().getBytes(StandardCharsets.UTF_8)))
			.doesNotContain(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)))
			.doesNotContain(HexFormat.of().formatHex("TOO_LARGE".getBytes(StandardCharsets.UTF_8)));
		this.journal.heal(parcel);
		call(HttpMethod.POST, letter + "/replay", null, 204);
		assertThat(this.journal.of(parcel)).containsExactly(3);
	}

	@Test
	void areReplayedOnceHoweverOftenThatIsAskedFor() throws Exception {
		UUID parcel = UUID.randomUUID();
		UUID hopeless = UUID.randomUUID();
		String cause = "Closed until " + parcel;
		this.journal.failOn(parcel, () -> new IllegalStateException(cause));
		this.journal.failOn(hopeless, () -> new IllegalStateException(cause));
		for (int i = 1; i <= 20; i++) {
			this.kafka.send(Aggregates.shipped(parcel, i));
		}
		this.kafka.send(Aggregates.shipped(hopeless, 1));
		List<String> letters = await(parcel, 20);
		String stays = await(hopeless, 1).getFirst();
		this.journal.heal(parcel);
		Map<String, Object> all = Map.of("filter", Map.of("cause", cause), "perSecond", 1000);
		List<Callable<Object>> race = Stream
			.concat(Stream.<Callable<Object>>generate(() -> () -> call(HttpMethod.POST, PATH + "/replay", all, 202))
				.limit(4),
					letters.stream()
						.limit(5)
						.map((letter) -> () -> send(HttpMethod.POST, PATH + "/" + letter + "/replay", admin(), null)))
			.toList();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<Object> done : executor.invokeAll(race)) {
				done.get();
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(lettersOf(parcel)).isEmpty());
		assertThat(this.journal.of(parcel)).hasSize(20).doesNotHaveDuplicates();
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(call(HttpMethod.GET, PATH + "/" + stays, null, 200).at("/replayAt").isNull())
						.isTrue());
		assertThat(this.journal.of(hopeless)).isEmpty();
		assertThat(call(HttpMethod.POST, PATH + "/replay",
				Map.of("filter", Map.of("cause", cause, "topic", "other"), "perSecond", 1), 202)
			.at("/scheduled")
			.asInt()).isZero();
	}

	@Test
	void areDiscardedWithAReasonAndForgottenLater() {
		UUID parcel = UUID.randomUUID();
		String letter = PATH + "/" + park(parcel, UUID.randomUUID().toString(), "{");
		call(HttpMethod.DELETE, letter, Map.of("reason", " "), 422, "VALIDATION_FAILED");
		call(HttpMethod.DELETE, letter, Map.of("reason", "A test of the sender"), 204);
		call(HttpMethod.DELETE, letter, Map.of("reason", "Again"), 404);
		call(HttpMethod.POST, letter + "/replay", null, 404);
		call(HttpMethod.PUT, letter, Map.of("payload", "{}"), 404);
		assertThat(lettersOf(parcel)).isEmpty();
		assertThat(call(HttpMethod.GET, PATH + "?discarded=true&pageSize=100", null, 200).at("/items").toString())
			.contains(letter.substring(PATH.length() + 1), "A test of the sender");
		this.jdbc.update("update dead_letter set discarded_at = now() - interval '15 days' where msg_key = ?",
				parcel.toString().getBytes(StandardCharsets.UTF_8));
		run("removeDiscarded");
		call(HttpMethod.GET, letter, null, 404);
	}

	@Test
	void areNobodyElsesBusiness() {
		String customer = this.tokens.customer(UUID.randomUUID());
		String letter = PATH + "/" + UUID.randomUUID();
		Map<String, Object> all = Map.of("filter", Map.of(), "perSecond", 1);
		assertThat(send(HttpMethod.GET, letter, customer, null).getStatus().value()).isEqualTo(403);
		assertThat(send(HttpMethod.PUT, letter, customer, Map.of()).getStatus().value()).isEqualTo(403);
		assertThat(send(HttpMethod.POST, PATH + "/replay", customer, all).getStatus().value()).isEqualTo(403);
		for (int perSecond : List.of(0, 1001)) {
			call(HttpMethod.POST, PATH + "/replay", Map.of("filter", Map.of(), "perSecond", perSecond), 422,
					"VALIDATION_FAILED");
		}
		call(HttpMethod.POST, PATH + "/replay", Map.of("perSecond", 1), 422, "VALIDATION_FAILED");
		call(HttpMethod.PUT, letter, Map.of(), 404);
	}

	/** Sends what nobody can read, and returns the id of its dead letter. */
	private String park(UUID parcel, String eventId, String payload) {
		Map<String, String> headers = KafkaMessages.headers(UUID.randomUUID(), "parcel.shipped.v1", parcel.toString());
		headers.put("ce_id", eventId);
		List<String> before = lettersOf(parcel);
		this.kafka.sendRaw(ParcelEvent.TOPIC, parcel.toString(), payload.getBytes(StandardCharsets.UTF_8), headers);
		return await(parcel, before.size() + 1).stream().filter((id) -> !before.contains(id)).findFirst().orElseThrow();
	}

	private List<String> await(UUID parcel, int count) {
		return Awaitility.await().until(() -> lettersOf(parcel), (letters) -> letters.size() == count);
	}

	private List<String> lettersOf(UUID parcel) {
		return call(HttpMethod.GET, PATH + "?pageSize=100", null, 200).at("/items")
			.valueStream()
			.filter((letter) -> letter.at("/key").asString().equals(parcel.toString()))
			.map((letter) -> letter.at("/id").asString())
			.toList();
	}

	private void run(String task) {
		this.scheduled.getScheduledTasks()
			.stream()
			.map(ScheduledTask::getTask)
			.filter((one) -> one.toString().endsWith(task))
			.forEach((one) -> one.getRunnable().run());
	}

	private String admin() {
		return this.tokens.admin(UUID.randomUUID());
	}

	private void call(HttpMethod method, String path, @Nullable Object body, int status, String code) {
		assertThat(call(method, path, body, status).at("/code").asString()).isEqualTo(code);
	}

	private JsonNode call(HttpMethod method, String path, @Nullable Object body, int status) {
		EntityExchangeResult<byte[]> result = send(method, path, admin(), body);
		byte[] content = result.getResponseBody();
		JsonNode answer = (content != null && content.length > 0) ? JSON.readTree(content) : JSON.nullNode();
		assertThat(result.getStatus().value()).as("%s", answer).isEqualTo(status);
		return answer;
	}

	private EntityExchangeResult<byte[]> send(HttpMethod method, String path, String token, @Nullable Object body) {
		RestTestClient.RequestBodySpec request = this.client.method(method)
			.uri(path)
			.headers((headers) -> headers.setBearerAuth(token));
		if (body != null) {
			request.contentType(MediaType.APPLICATION_JSON).body(body);
		}
		return request.exchange().expectBody().returnResult();
	}

}
