package dev.sagamart.platform.encryption;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PersonalDataIntegrationTests extends VaultTest {

	@Test
	void isReadBySeveralInstancesAndByNobodyElse() {
		PersonalData one = instance();
		byte[] encrypted = one.encrypt("Ann", "test");
		PersonalData another = instance();
		assertThat(another.decrypt(encrypted, "test")).isEqualTo("Ann");
		assertThat(another.fingerprint("Ann")).isEqualTo(one.fingerprint("Ann")).isNotEqualTo(one.fingerprint("Bob"));
		assertThatThrownBy(() -> another.decrypt(encrypted, "other")).isInstanceOf(IllegalStateException.class)
			.hasMessageEndingWith("other");
		assertThatThrownBy(() -> another.decrypt(new byte[40], "test")).isInstanceOf(IllegalStateException.class);
		assertThatThrownBy(() -> instance(MasterKey.of("VAULT_KEY", newKey(), "")))
			.isInstanceOf(MasterKeyUnusableException.class)
			.hasMessageStartingWith("VAULT_KEY does not fit the stored personal data key");
	}

	@Test
	void hasOneKeyWhenInstancesStartTogether() throws Exception {
		List<String> fingerprints = atOnce(6, () -> Base64.getEncoder().encodeToString(instance().fingerprint("Ann")));
		assertThat(fingerprints).containsOnly(fingerprints.getFirst());
		assertThat(numberOfKeys()).isEqualTo(1);
	}

	@Test
	void outlivesAChangeOfTheMasterKey() throws Exception {
		String next = newKey();
		PersonalData before = instance();
		before.addKey();
		byte[] encrypted = before.encrypt("Ann", "test");
		assertThat(
				atOnce(4, () -> instance(MasterKey.of("VAULT_KEY", next, this.masterKey)).decrypt(encrypted, "test")))
			.containsOnly("Ann");
		assertThat(instance(MasterKey.of("VAULT_KEY", next, "")).decrypt(encrypted, "test")).isEqualTo("Ann");
		before.readKeys();
		assertThat(before.decrypt(encrypted, "test")).isEqualTo("Ann");
		assertThatThrownBy(this::instance).isInstanceOf(MasterKeyUnusableException.class);
	}

	@Test
	void readsWhatIsEncryptedBeforeAndAfterANewDataKey() throws Exception {
		PersonalData one = instance();
		PersonalData another = instance();
		byte[] old = one.encrypt("Ann", "test");
		atOnce(3, () -> {
			one.addKey();
			return one;
		});
		byte[] recent = one.encrypt("Bob", "test");
		assertThat(one.isOutdated(recent)).isFalse();
		assertThat(another.decrypt(recent, "test")).as("by who has not heard of the key").isEqualTo("Bob");
		for (PersonalData instance : List.of(one, another, instance())) {
			assertThat(instance.decrypt(old, "test")).isEqualTo("Ann");
			assertThat(instance.isOutdated(old)).isTrue();
			assertThat(instance.fingerprint("Ann")).isEqualTo(one.fingerprint("Ann"));
		}
	}

	private int numberOfKeys() {
		return this.jdbc.queryForObject("select count(*) from encryption_key", Integer.class);
	}

}
