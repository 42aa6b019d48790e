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
 * The address of an order in its row, in the new columns and in the old one, which is the
 * only one that instances of the version before know.
 */
@Embeddable
class StoredAddress {

	/** Instances of the version before read nothing but JSON. */
	static final String REMOVE = "country = coalesce(country, shipping_address ->> 'country'), encrypted_address = NULL,"
			+ " shipping_address = jsonb_build_object('recipient', '', 'line1', '', 'line2', NULL, 'city', '',"
			+ " 'postalCode', '', 'country', coalesce(country, shipping_address ->> 'country'))";

	static final String PRESENT = "(encrypted_address IS NOT NULL OR shipping_address ->> 'recipient' <> '')";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.CHAR)
	private @Nullable String country;

	@Column(updatable = false)
	private byte @Nullable [] encryptedAddress;

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.JSON)
	private @Nullable String shippingAddress;

	@SuppressWarnings("NullAway.Init")
	protected StoredAddress() {
	}

	StoredAddress(Address address, UUID orderId, PersonalData personalData) {
		this.country = address.country();
		this.encryptedAddress = personalData.encrypt(JSON.writeValueAsBytes(address), purpose(orderId));
		this.shippingAddress = JSON.writeValueAsString(address);
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
