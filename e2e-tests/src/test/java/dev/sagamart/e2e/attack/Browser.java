package dev.sagamart.e2e.attack;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser that logs in, up to the redirect back to the client. */
final class Browser implements AutoCloseable {

	private static final Pattern HIDDEN = Pattern
		.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\">");

	private final URI base;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.cookieHandler(new CookieManager())
		.build();

	Browser(URI base) {
		this.base = base;
	}

	static String encoded(Map<String, String> parameters) {
		return parameters.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

	/** Logs in and returns the authorization code of the redirect. */
	String logIn(Map<String, String> authorization, String email, String password)
			throws IOException, InterruptedException {
		String callback = location(follow(submit(authorization, email, password, "")));
		Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(callback);
		if (!code.find()) {
			throw new AssertionError("No code in " + callback);
		}
		return URLDecoder.decode(code.group(1), StandardCharsets.UTF_8);
	}

	/** Opens the login page and submits its form. */
	HttpResponse<String> submit(Map<String, String> authorization, String email, String password, String secondFactor)
			throws IOException, InterruptedException {
		HttpResponse<String> page = follow(get("/oauth2/authorize?" + encoded(authorization)));
		Map<String, String> form = new HashMap<>(Map.of("email", email, "password", password, "code", secondFactor));
		Matcher hidden = HIDDEN.matcher(page.body());
		while (hidden.find()) {
			form.put(hidden.group(1), hidden.group(2));
		}
		return this.http.send(HttpRequest.newBuilder(page.uri())
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> follow(HttpResponse<String> redirect) throws IOException, InterruptedException {
		return get(location(redirect));
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(this.base.resolve(path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private static String location(HttpResponse<String> response) {
		return response.headers()
			.firstValue("Location")
			.orElseThrow(() -> new AssertionError(
					"Expected a redirect, but got " + response.statusCode() + " " + response.body()));
	}

	@Override
	public void close() {
		this.http.close();
	}

}
