package dev.sagamart.platform.encryption;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DataKeyRotationIntegrationTests extends VaultTest {

	private static final EncryptedColumn COLUMN = new EncryptedColumn("parcel", "id", "address", "'address of ' || id",
			"convert_to(plain, 'UTF8')", "plain = null");

	private PersonalData personalData;

	private DataKeyRotation rotation;

	@BeforeEach
	void createTable() {
		this.jdbc.execute("create table parcel (id uuid primary key, address bytea, plain text)");
		this.personalData = instance();
		this.rotation = new DataKeyRotation(this.jdbc, this.personalData, new EncryptionProperties(this.masterKey, "",
				"VAULT_KEY", Duration.ofDays(90), Duration.ofHours(1), List.of(COLUMN)));
	}

	@Test
	void encryptsOnceAnewWhatOlderKeysHaveEncrypted() {
		List<UUID> parcels = new ArrayList<>();
		for (int i = 0; i < 1_100; i++) {
			UUID id = UUID.randomUUID();
			parcels.add(id);
			insert(id, encrypted(id, "Street " + id), null);
		}
		byte[] before = address(parcels.getFirst());
		letPass("89 days");
		this.rotation.run();
		assertThat(address(parcels.getFirst())).isEqualTo(before);
		letPass("1 day");
		this.rotation.run();
		this.rotation.run();
		assertThat(address(parcels.getFirst())).as("not before every instance has the key").isEqualTo(before);
		assertThat(read(parcels.getFirst())).isEqualTo("Street " + parcels.getFirst());
		letPass("2 hours");
		this.rotation.run();
		assertThat(parcels).allMatch((id) -> !this.personalData.isOutdated(address(id)))
			.allMatch((id) -> read(id).equals("Street " + id));
		byte[] after = address(parcels.getFirst());
		assertThat(encryptedColumns()).containsExactly("dead_letter.encrypted_fixed_payload",
				"dead_letter.encrypted_payload", "parcel.address");
		this.rotation.run();
		assertThat(address(parcels.getFirst())).isEqualTo(after);
		assertThat(encryptedColumns()).hasSize(3);
	}

	@Test
	void encryptsWhatWasStoredPlain() {
		UUID plain = UUID.randomUUID();
		UUID both = UUID.randomUUID();
		UUID nothing = UUID.randomUUID();
		insert(plain, null, "Main Street");
		insert(both, encrypted(both, "as it was once"), "");
		insert(nothing, null, null);
		letPass("2 hours");
		this.rotation.run();
		assertThat(read(plain)).isEqualTo("Main Street");
		assertThat(read(both)).as("a version that knows only the plain column has emptied it").isEmpty();
		assertThat(this.jdbc.queryForObject("select count(*) from parcel where plain is not null", Integer.class))
			.isZero();
		assertThat(address(nothing)).isNull();
	}

	@Test
	void leavesWhatNobodyCanDecrypt() {
		UUID moved = UUID.randomUUID();
		UUID other = UUID.randomUUID();
		insert(moved, encrypted(other, "Street"), null);
		insert(other, encrypted(other, "Street"), null);
		byte[] before = address(moved);
		this.personalData.addKey();
		letPass("2 hours");
		this.rotation.run();
		assertThat(address(moved)).isEqualTo(before);
		assertThat(this.personalData.isOutdated(address(other))).isFalse();
	}

	@Test
	void doesNotBringBackWhatGoesMeanwhile() {
		UUID id = UUID.randomUUID();
		insert(id, encrypted(id, "Street"), null);
		byte[] read = address(id);
		this.jdbc.update("update parcel set address = null");
		this.jdbc.update(COLUMN.update(), read, id, read, null);
		assertThat(address(id)).isNull();
	}

	private byte[] encrypted(UUID id, String address) {
		return this.personalData.encrypt(address, "address of " + id);
	}

	private void insert(UUID id, byte[] address, String plain) {
		this.jdbc.update("insert into parcel values (?, ?::bytea, ?)", id, address, plain);
	}

	private byte[] address(UUID id) {
		return this.jdbc.queryForObject("select address from parcel where id = ?", byte[].class, id);
	}

	private String read(UUID id) {
		return new String(this.personalData.decryptBytes(address(id), "address of " + id), StandardCharsets.UTF_8);
	}

	private List<String> encryptedColumns() {
		return this.jdbc.queryForList("select unnest(encrypted) from encryption_key where number = 2 order by 1",
				String.class);
	}

	private void letPass(String interval) {
		this.jdbc.update("update encryption_key set created_at = created_at - ?::interval", interval);
	}

}
