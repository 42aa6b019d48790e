package dev.sagamart.users.oauth;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody's browser: keeps cookies, follows redirects, fills in forms. */
class Browser {

	static final String CALLBACK = "http://127.0.0.1:49152/callback";

	static final String VERIFIER = "a-verifier-of-at-least-forty-three-characters";

	private static final Pattern HIDDEN = Pattern
		.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\">");

	private final String base;

	private final CookieManager cookies = new CookieManager();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.cookieHandler(this.cookies)
		.build();

	Browser(String base) {
		this.base = base;
	}

	/** The parameters of a good authorization request. */
	static Map<String, String> request() throws Exception {
		Map<String, String> parameters = new LinkedHashMap<>();
		parameters.put("response_type", "code");
		parameters.put("client_id", "sagamart-web");
		parameters.put("redirect_uri", CALLBACK);
		parameters.put("scope", "openid profile");
		parameters.put("state", "st&te=1");
		parameters.put("nonce", "n-0S6");
		parameters.put("code_challenge", Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII))));
		parameters.put("code_challenge_method", "S256");
		return parameters;
	}

	static String encoded(Map<String, String> parameters) {
		return parameters.entrySet()
			.stream()
			.map((entry) -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
			.collect(Collectors.joining("&"));
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<String> head(String path) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(URI.create(this.base + path)).HEAD().build(),
				HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/** Opens an authorization, which leads to the login page. */
	HttpResponse<String> authorize(Map<String, String> parameters) throws IOException, InterruptedException {
		return get("/oauth2/authorize?" + encoded(parameters));
	}

	/** Sends the form of a page to where the page is, as its form says. */
	HttpResponse<String> submit(HttpResponse<String> page, String email, String password)
			throws IOException, InterruptedException {
		return submit(page, email, password, "");
	}

	/** The same with the field for a code, which is empty unless somebody types one. */
	HttpResponse<String> submit(HttpResponse<String> page, String email, String password, String code)
			throws IOException, InterruptedException {
		Map<String, String> fields = new HashMap<>(Map.of("email", email, "password", password, "code", code));
		Matcher hidden = HIDDEN.matcher(page.body());
		while (hidden.find()) {
			fields.put(hidden.group(1), hidden.group(2));
		}
		URI address = page.uri();
		return post(address.getPath() + "?" + address.getRawQuery(), encoded(fields));
	}

	/** Goes all the way; returns what the client's callback is called with. */
	Map<String, String> logIn(Map<String, String> parameters, String email, String password)
			throws IOException, InterruptedException {
		HttpResponse<String> page = get(location(authorize(parameters)));
		return callback(get(location(submit(page, email, password))));
	}

	/** The parameters of a redirect to the client. */
	static Map<String, String> callback(HttpResponse<String> response) {
		String location = location(response);
		if (!location.startsWith(CALLBACK + "?")) {
			throw new AssertionError("Not to the client, but " + response.statusCode() + " " + location);
		}
		return Arrays.stream(location.substring(CALLBACK.length() + 1).split("&"))
			.map((parameter) -> parameter.split("=", 2))
			.collect(Collectors.toMap((parameter) -> parameter[0],
					(parameter) -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
	}

	static String location(HttpResponse<String> response) {
		return response.headers().firstValue("Location").orElse("");
	}

	List<HttpCookie> cookies() {
		return this.cookies.getCookieStore().getCookies();
	}

}
