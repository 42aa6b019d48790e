package dev.sagamart.platform.encryption;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class EncryptionAutoConfigurationTests {

	private final ApplicationContextRunner service = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EncryptionAutoConfiguration.class));

	@Test
	void isNotThereForWhoHasNoMasterKey() {
		this.service.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PersonalData.class));
	}

	@Test
	void doesNotStartWithoutTheMasterKey() {
		this.service
			.withPropertyValues("sagamart.encryption.master-key=", "sagamart.encryption.master-key-name=OUR_MASTER_KEY")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(MasterKeyUnusableException.class)
				.hasMessage("OUR_MASTER_KEY is not set."));
		this.service.withPropertyValues("sagamart.encryption.master-key=short")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("sagamart.encryption.master-key "));
	}

	@Test
	void doesNotPrintItsKeys() {
		this.service.withPropertyValues("sagamart.encryption.master-key=secret")
			.run((context) -> assertThat(context).hasFailed());
		assertThat(new EncryptionProperties("one", "two", "NAME", Duration.ZERO, Duration.ZERO, List.of()).toString())
			.doesNotContain("one", "two");
	}

}
