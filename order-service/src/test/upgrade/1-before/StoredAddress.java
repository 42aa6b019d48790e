package dev.sagamart.orders.order;

import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The address of an order in its row, as JSON. */
@Embeddable
class StoredAddress {

	static final String REMOVE = "shipping_address = jsonb_build_object('recipient', '', 'line1', '', 'line2', NULL,"
			+ " 'city', '', 'postalCode', '', 'country', shipping_address -> 'country')";

	static final String PRESENT = "shipping_address ->> 'recipient' <> ''";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.JSON)
	private @Nullable String shippingAddress;

	@SuppressWarnings("NullAway.Init")
	protected StoredAddress() {
	}

	StoredAddress(Address address, UUID orderId, PersonalData personalData) {
		this.shippingAddress = JSON.writeValueAsString(address);
	}

	Address read(UUID orderId, PersonalData personalData) {
		return JSON.readValue(this.shippingAddress, Address.class);
	}

}
