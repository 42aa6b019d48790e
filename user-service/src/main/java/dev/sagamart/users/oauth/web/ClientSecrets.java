package dev.sagamart.users.oauth.web;

import dev.sagamart.platform.encryption.Digests;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties.Registration;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/**
 * The secrets of clients: long random texts from the environment, which need no slow
 * hash. A client without a secret is removed.
 */
class ClientSecrets implements PasswordEncoder, BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean instanceof OAuth2AuthorizationServerProperties properties) {
			properties.getClient().values().removeIf((client) -> isWithoutSecret(client.getRegistration()));
		}
		return bean;
	}

	private static boolean isWithoutSecret(Registration client) {
		String secret = client.getClientSecret();
		return (secret == null || secret.isBlank())
				&& !client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE.getValue());
	}

	@Override
	public @Nullable String encode(@Nullable CharSequence secret) {
		return (secret != null) ? secret.toString() : null;
	}

	@Override
	public boolean matches(@Nullable CharSequence presented, @Nullable String secret) {
		return presented != null && secret != null && !secret.isBlank()
				&& MessageDigest.isEqual(Digests.sha256(presented.toString()), Digests.sha256(secret));
	}

}
