package dev.sagamart.users.oauth.web;

import java.util.Set;
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

	private static Client client(String method, String secret) {
		Client client = new Client();
		client.getRegistration().setClientAuthenticationMethods(Set.of(method));
		client.getRegistration().setClientSecret(secret);
		return client;
	}

}
