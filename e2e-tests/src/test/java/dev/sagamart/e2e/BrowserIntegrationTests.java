package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests with Chromium. They are skipped if it is not installed; the environment variable
 * {@code CHROMIUM} may contain its path.
 */
@WholePlatform
@InTurn(0)
@TestInstance(Lifecycle.PER_CLASS)
class BrowserIntegrationTests {

	private static final String VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-and-not-secret";

	private final RunningPlatform platform;

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<String> browserErrors = new ArrayList<>();

	private Playwright playwright;

	private Browser browser;

	private Page page;

	BrowserIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
	}

	@BeforeAll
	void startBrowser() {
		Optional<Path> chromium = chromium();
		assumeTrue(chromium.isPresent(), "Chromium is not installed");
		this.playwright = Playwright
			.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
		this.browser = this.playwright.chromium()
			.launch(new LaunchOptions().setExecutablePath(chromium.get())
				.setTimeout(RunningPlatform.TIMEOUT.toMillis())
				.setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
						"--disable-component-update", "--disable-sync", "--no-first-run")));
	}

	@AfterAll
	void stopBrowser() {
		this.http.close();
		if (this.playwright != null) {
			this.playwright.close();
		}
	}

	@BeforeEach
	void openPage() {
		this.page = this.browser.newPage();
		this.page.setDefaultTimeout(RunningPlatform.TIMEOUT.toMillis());
		// The browser reports violations of the content security policy on the console.
		this.page.onConsoleMessage((message) -> {
			if (message.type().equals("error") && message.text().contains("Content Security Policy")) {
				this.browserErrors.add(message.text());
			}
		});
		this.page.onPageError(this.browserErrors::add);
	}

	@AfterEach
	void closePage() {
		if (this.page != null) {
			this.page.close();
		}
	}

	@Test
	void logsInToALocalApplication() throws Exception {
		BlockingQueue<URI> callbacks = new ArrayBlockingQueue<>(1);
		HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		application.createContext("/callback", (exchange) -> {
			callbacks.add(exchange.getRequestURI());
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		application.start();
		try {
			String redirectUri = "http://127.0.0.1:" + application.getAddress().getPort() + "/callback";
			this.page.navigate(this.platform.api()
				.gateway()
				.resolve("/oauth2/authorize?" + form(Map.of("response_type", "code", "client_id", "sagamart-web",
						"redirect_uri", redirectUri, "scope", "openid profile", "state", "a-state", "code_challenge",
						challenge(), "code_challenge_method", "S256")))
				.toString());

			logIn("alice@sagamart.example", "not-her-password");
			assertThat(this.page.getByRole(AriaRole.ALERT).textContent()).contains("wrong");
			logIn("alice@sagamart.example", "alice-demo-password");

			URI callback = callbacks.poll(RunningPlatform.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			assertThat(callback).isNotNull();
			assertThat(callback.getQuery()).contains("state=a-state");
			JsonNode tokens = exchange(codeIn(callback), redirectUri);
			assertThat(tokens.path("id_token").asString()).isNotEmpty();
			JsonNode me = this.platform.api()
				.session(tokens.path("access_token").asString())
				.get("/api/v1/users/me")
				.expect(200)
				.json();
			assertThat(me.path("email").asString()).isEqualTo("alice@sagamart.example");
			assertThat(this.browserErrors).isEmpty();
		}
		finally {
			application.stop(0);
		}
	}

	@Test
	void showsTheApiDocumentsOfAllServices() {
		Response answer = this.page.navigate(this.platform.api().gateway().resolve("/docs/").toString());

		assertThat(answer.status()).isEqualTo(200);
		for (String document : List.of("users", "products", "orders", "payments", "gateway")) {
			this.page.navigate(this.platform.api().gateway().resolve("/docs/?urls.primaryName=" + document).toString());
			this.page.locator(".opblock").first().waitFor();
		}
		assertThat(this.browserErrors).isEmpty();
	}

	private void logIn(String email, String password) {
		this.page.getByLabel("Email address").fill(email);
		this.page.getByLabel("Password").fill(password);
		this.page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Log in")).click();
	}

	private JsonNode exchange(String code, String redirectUri) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.platform.api().gateway().resolve("/oauth2/token"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(form(Map.of("grant_type", "authorization_code", "client_id", "sagamart-web",
					"code", code, "redirect_uri", redirectUri, "code_verifier", VERIFIER))))
			.build();
		HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	private static String codeIn(URI callback) {
		var code = Pattern.compile("(?:^|&)code=([^&]+)").matcher(callback.getQuery());
		assertThat(code.find()).isTrue();
		return code.group(1);
	}

	private static String challenge() throws Exception {
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
	}

	private static String form(Map<String, String> fields) {
		return fields.entrySet()
			.stream()
			.map((field) -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

	private static Optional<Path> chromium() {
		String named = System.getenv("CHROMIUM");
		if (named != null) {
			return Optional.of(Path.of(named));
		}
		return Stream.of(System.getenv("PATH").split(":"))
			.flatMap((directory) -> Stream.of("chromium", "chromium-browser", "google-chrome")
				.map((name) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
