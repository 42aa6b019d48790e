package dev.sagamart.users.encryption;

import dev.sagamart.users.UsersTest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PersonalDataIntegrationTests extends UsersTest {

	@Autowired
	private PersonalData personalData;

	@Autowired
	private MasterKey masterKey;

	@Autowired
	private Environment environment;

	@Test
	void isReadBySeveralInstancesAndByNobodyElse() {
		byte[] encrypted = this.personalData.encrypt("Ann", "test");
		PersonalData another = new PersonalData(this.jdbc, this.masterKey);
		assertThat(another.decrypt(encrypted, "test")).isEqualTo("Ann");
		assertThat(another.fingerprint("Ann")).isEqualTo(this.personalData.fingerprint("Ann"))
			.isNotEqualTo(this.personalData.fingerprint("Bob"));
		assertThatThrownBy(() -> another.decrypt(encrypted, "other")).isInstanceOf(IllegalStateException.class)
			.hasMessageEndingWith("other");
		assertThatThrownBy(() -> new PersonalData(this.jdbc, MasterKey.of(newKey(), "")))
			.isInstanceOf(MasterKeyUnusableException.class);
	}

	@Test
	void hasOneKeyWhenInstancesStartTogether() throws Exception {
		byte[] before = this.jdbc.sql("SELECT secret FROM data_key").query(byte[].class).single();
		try {
			this.jdbc.sql("DELETE FROM data_key").update();
			List<String> fingerprints = atOnce(6, () -> Base64.getEncoder()
				.encodeToString(new PersonalData(this.jdbc, this.masterKey).fingerprint("Ann")));
			assertThat(fingerprints).containsOnly(fingerprints.getFirst());
		}
		finally {
			this.jdbc.sql("UPDATE data_key SET secret = ?").param(before).update();
		}
	}

	@Test
	void outlivesAChangeOfTheMasterKey() throws Exception {
		String current = this.environment.getRequiredProperty("sagamart.encryption.master-key");
		String next = newKey();
		byte[] encrypted = this.personalData.encrypt("Ann", "test");
		try {
			assertThat(atOnce(4,
					() -> new PersonalData(this.jdbc, MasterKey.of(next, current)).decrypt(encrypted, "test")))
				.containsOnly("Ann");
			assertThat(new PersonalData(this.jdbc, MasterKey.of(next, "")).decrypt(encrypted, "test")).isEqualTo("Ann");
			assertThatThrownBy(() -> new PersonalData(this.jdbc, this.masterKey))
				.isInstanceOf(MasterKeyUnusableException.class)
				.hasMessageContaining("does not fit the stored personal data key");
		}
		finally {
			new PersonalData(this.jdbc, MasterKey.of(current, next));
		}
		assertThat(new PersonalData(this.jdbc, this.masterKey).decrypt(encrypted, "test")).isEqualTo("Ann");
	}

	private static String newKey() {
		byte[] key = new byte[AesGcm.KEY_LENGTH];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

}
