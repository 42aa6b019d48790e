package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The accounts of the benchmark, logged in: so many that no limit per user is met. */
final class Buyers {

	private static final int AT_ONCE = 4;

	private Buyers() {
	}

	/** Logs in, after registering those who are new. Waits where the gateway says so. */
	static List<Session> logIn(Api api, int count) throws InterruptedException {
		try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
			List<Future<Session>> logins = new ArrayList<>();
			for (int i = 1; i <= count; i++) {
				String name = "benchmark-%03d".formatted(i);
				logins.add(executor.submit(() -> logIn(api, name + "@sagamart.example", name + "-password")));
			}
			List<Session> sessions = new ArrayList<>();
			for (Future<Session> login : logins) {
				sessions.add(login.get());
			}
			return sessions;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Cannot log in: " + ex.getCause(), ex);
		}
	}

	private static Session logIn(Api api, String email, String password) throws InterruptedException {
		Map<String, String> credentials = Map.of("email", email, "password", password);
		Reply login = patiently(api, "/api/v1/sessions", credentials);
		if (login.status() == 401) {
			patiently(api, "/api/v1/users", Map.of("email", email, "password", password, "name", "Benchmark"))
				.expect(201);
			login = patiently(api, "/api/v1/sessions", credentials);
		}
		return api.session(login.expect(201).json().path("accessToken").asString());
	}

	private static Reply patiently(Api api, String path, Map<String, String> body) throws InterruptedException {
		Reply reply = api.anonymous().post(path, body);
		while (reply.status() == 429) {
			TimeUnit.SECONDS.sleep(Math.clamp(Long.parseLong("0" + reply.header("Retry-After")), 1, 60));
			reply = api.anonymous().post(path, body);
		}
		return reply;
	}

}
