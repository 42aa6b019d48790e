package dev.sagamart.users.oauth.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties.Client;

import static org.assertj.core.api.Assertions.assertThat;

class ClientSecretsTests {

	private final ClientSecrets secrets = new ClientSecrets();

	@Test
	void leaveNoClientWithoutOne() {
		OAuth2AuthorizationServerProperties properties = new OAuth2AuthorizationServerProperties();
		properties.getClient().put("known", client("client_secret_basic", "a secret"));
		properties.getClient().put("missing", client("client_secret_basic", null));
		properties.getClient().put("blank", client("client_secret_post", " "));
		properties.getClient().put("public", client("none", null));
		this.secrets.postProcessAfterInitialization(properties, "properties");
		assertThat(properties.getClient()).containsOnlyKeys("known", "public");
	}

	@Test
	void matchOnlyThemselves() {
		assertThat(this.secrets.matches("a secret", this.secrets.encode("a secret"))).isTrue();
		assertThat(this.secrets.matches("another", "a secret")).isFalse();
		assertThat(this.secrets.matches(null, "a secret")).isFalse();
		assertThat(this.secrets.matches("", "")).isFalse();
		assertThat(this.secrets.matches("null", this.secrets.encode(null))).isFalse();
	}

	/**
	 * {@code curl -u} sends a secret as it is, where the form's encoding is expected: the
	 * two have to be the same for every secret that the documented command can make.
	 */
	@Test
	void madeAsTheDocumentationSaysNeedNoEncoding() throws Exception {
		Matcher command = Pattern.compile("Create the secret with `([^`]+)`")
			.matcher(Files.readString(Path.of("../docs/security.md")));
		assertThat(command.find()).isTrue();
		for (int i = 0; i < 50; i++) {
			Process making = new ProcessBuilder("sh", "-c", command.group(1)).start();
			String secret = new String(making.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
			assertThat(secret).hasSizeGreaterThanOrEqualTo(40)
				.isEqualTo(URLEncoder.encode(secret, StandardCharsets.UTF_8));
		}
	}

	private static Client client(String method, String secret) {
		Client client = new Client();
		client.getRegistration().setClientAuthenticationMethods(Set.of(method));
		client.getRegistration().setClientSecret(secret);
		return client;
	}

}
