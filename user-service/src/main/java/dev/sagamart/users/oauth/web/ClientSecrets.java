package dev.sagamart.users.oauth.web;

import dev.sagamart.platform.Digests;
import java.security.MessageDigest;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerProperties.Registration;
import org.springframework.security.crypto.password.AbstractValidatingPasswordEncoder;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.stereotype.Component;

/**
 * The secrets of clients: long random texts from the environment, which need no slow
 * hash. A client without a secret is removed.
 */
@Component
class ClientSecrets extends AbstractValidatingPasswordEncoder implements BeanPostProcessor {

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
	protected String encodeNonNullPassword(String secret) {
		return secret;
	}

	@Override
	protected boolean matchesNonNull(String presented, String secret) {
		return MessageDigest.isEqual(Digests.sha256(presented), Digests.sha256(secret));
	}

}
