package dev.sagamart.platform.encryption;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service encrypts personal data.
 *
 * @param masterKey base64 of 32 bytes, from outside: encrypts the data keys
 * @param previousMasterKey empty, or the one before while it is being replaced: reads
 * what it has encrypted, and encrypts nothing
 * @param masterKeyName what the master key is called where it comes from; the previous
 * one is called so with {@code _PREVIOUS} behind
 * @param dataKeyLife for how long a data key encrypts before the next one does
 * @param readInterval how often every instance looks for new data keys
 * @param columns what is encrypted anew, besides the platform's own
 */
@ConfigurationProperties("sagamart.encryption")
record EncryptionProperties(String masterKey, @DefaultValue("") String previousMasterKey,
		@DefaultValue("sagamart.encryption.master-key") String masterKeyName, @DefaultValue("90d") Duration dataKeyLife,
		@DefaultValue("1h") Duration readInterval, @DefaultValue List<EncryptedColumn> columns) {

	@Override
	public String toString() {
		return "EncryptionProperties[…]";
	}

}
