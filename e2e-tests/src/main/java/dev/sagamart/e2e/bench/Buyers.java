package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The accounts of the benchmark: so many that none reaches the rate limit per user. */
final class Buyers {

	private static final int PARALLEL_LOG_INS = 4;

	private Buyers() {
	}

	/**
	 * Logs in all buyers and registers new ones. Waits if the gateway limits the rate.
	 */
	static List<Session> logIn(Api api, int count) throws InterruptedException {
		try (ExecutorService executor = Executors.newFixedThreadPool(PARALLEL_LOG_INS)) {
			List<Callable<Session>> logins = IntStream.rangeClosed(1, count)
				.<Callable<Session>>mapToObj((number) -> () -> logIn(api, email(number), password(number)))
				.toList();
			List<Session> sessions = new ArrayList<>();
			for (Future<Session> login : executor.invokeAll(logins)) {
				sessions.add(login.get());
			}
			return sessions;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Cannot log in: " + ex.getCause(), ex);
		}
	}

	/** The email address of a buyer; numbers start at 1. */
	static String email(int number) {
		return name(number) + "@sagamart.example";
	}

	static String password(int number) {
		return name(number) + "-password";
	}

	private static String name(int number) {
		return "benchmark-%03d".formatted(number);
	}

	private static Session logIn(Api api, String email, String password) {
		Reply login = api.tryToLogin(email, password);
		return (login.status() == 401) ? api.newCustomer(email, password)
				: api.session(login.expect(201).json().path("accessToken").asString());
	}

}
