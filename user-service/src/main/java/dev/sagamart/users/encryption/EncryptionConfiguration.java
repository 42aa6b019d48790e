package dev.sagamart.users.encryption;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EncryptionConfiguration {

	@Bean
	MasterKey masterKey(EncryptionProperties properties) {
		return MasterKey.of(properties.masterKey(), properties.previousMasterKey());
	}

}
