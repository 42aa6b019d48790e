package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import java.util.List;
import java.util.stream.IntStream;

/** The accounts of the benchmark: so many that none reaches the rate limit per user. */
final class Buyers {

	private Buyers() {
	}

	/**
	 * Logs in all buyers and registers new ones. Waits if the gateway limits the rate.
	 */
	static List<Session> logIn(Api api, int count) {
		return IntStream.rangeClosed(1, count)
			.parallel()
			.mapToObj((number) -> logIn(api, email(number), password(number)))
			.toList();
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
