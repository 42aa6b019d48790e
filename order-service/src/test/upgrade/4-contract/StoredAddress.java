package dev.sagamart.orders.order;

import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The address of an order in its row: the country, for the books, and all of it
 * encrypted, until the buyer is erased.
 */
@Embeddable
class StoredAddress {

	static final String REMOVE = "encrypted_address = NULL";

	static final String PRESENT = "encrypted_address IS NOT NULL";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.CHAR)
	private String country;

	@Column(updatable = false)
	private byte @Nullable [] encryptedAddress;

	@SuppressWarnings("NullAway.Init")
	protected StoredAddress() {
	}

	StoredAddress(Address address, UUID orderId, PersonalData personalData) {
		this.country = address.country();
		this.encryptedAddress = personalData.encrypt(JSON.writeValueAsBytes(address), purpose(orderId));
	}

	Address read(UUID orderId, PersonalData personalData) {
		return (this.encryptedAddress != null)
				? JSON.readValue(personalData.decrypt(this.encryptedAddress, purpose(orderId)), Address.class)
				: Address.onlyIn(this.country);
	}

	private static String purpose(UUID orderId) {
		return "shipping address of " + orderId;
	}

}
