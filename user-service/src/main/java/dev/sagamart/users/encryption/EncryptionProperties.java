package dev.sagamart.users.encryption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that come from outside, each base64 of 32 bytes.
 *
 * @param masterKey encrypts what is stored
 * @param previousMasterKey empty, or the one before while it is being replaced: reads
 * what it has encrypted, and encrypts nothing
 */
@ConfigurationProperties("sagamart.encryption")
record EncryptionProperties(@DefaultValue("") String masterKey, @DefaultValue("") String previousMasterKey) {

	@Override
	public String toString() {
		return "EncryptionProperties[…]";
	}

}
