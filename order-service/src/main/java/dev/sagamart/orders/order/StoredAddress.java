package dev.sagamart.orders.order;

import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The address of an order in its row: the country, for the books, and all of it
 * encrypted, until the buyer is erased. Rows from before the column was split have all of
 * it as JSON, until it is encrypted in the background
 * (docs/adr/0012-changes-of-a-schema.md).
 */
@Embeddable
class StoredAddress {

	/** An assignment in SQL that leaves nothing but the country. */
	static final String REMOVE = "country = coalesce(country, shipping_address ->> 'country'),"
			+ " encrypted_address = NULL, shipping_address = NULL";

	/** A condition in SQL: there is more than the country. */
	static final String PRESENT = "(encrypted_address IS NOT NULL OR shipping_address IS NOT NULL)";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.CHAR)
	private @Nullable String country;

	@Column(updatable = false)
	private byte @Nullable [] encryptedAddress;

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.JSON)
	private @Nullable String shippingAddress;

	protected StoredAddress() {
	}

	StoredAddress(Address address, UUID orderId, PersonalData personalData) {
		this.country = address.country();
		this.encryptedAddress = personalData.encrypt(JSON.writeValueAsBytes(address), purpose(orderId));
	}

	Address read(UUID orderId, PersonalData personalData) {
		if (this.encryptedAddress != null) {
			return JSON.readValue(personalData.decrypt(this.encryptedAddress, purpose(orderId)), Address.class);
		}
		return (this.shippingAddress != null) ? JSON.readValue(this.shippingAddress, Address.class)
				: Address.onlyIn(Objects.requireNonNull(this.country));
	}

	private static String purpose(UUID orderId) {
		return "shipping address of " + orderId;
	}

}
