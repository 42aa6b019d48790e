package dev.sagamart.platform.encryption;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Encryption for a service that says where its master key comes from. */
@AutoConfiguration(after = JdbcClientAutoConfiguration.class)
@ConditionalOnProperty("sagamart.encryption.master-key")
@EnableConfigurationProperties(EncryptionProperties.class)
class EncryptionAutoConfiguration {

	@Bean
	MasterKey masterKey(EncryptionProperties properties) {
		return MasterKey.of(properties.masterKeyName(), properties.masterKey(), properties.previousMasterKey());
	}

	@Bean
	PersonalData personalData(JdbcClient jdbc, MasterKey masterKey) {
		return new PersonalData(jdbc, masterKey);
	}

	@Bean
	DataKeyRotation dataKeyRotation(JdbcTemplate jdbc, PersonalData personalData, EncryptionProperties properties) {
		return new DataKeyRotation(jdbc, personalData, properties);
	}

}
