package dev.sagamart.users.user;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** An address as it is stored: as JSON, encrypted, and bound to its id and its user. */
@Entity
@Table(name = "address")
class StoredAddress {

	@Id
	private UUID id;

	@SuppressWarnings("UnusedVariable")
	private UUID userId;

	private byte[] content;

	StoredAddress() {
	}

	StoredAddress(UUID id, UUID userId, byte[] content) {
		this.id = id;
		this.userId = userId;
		this.content = content;
	}

	UUID id() {
		return this.id;
	}

	byte[] content() {
		return this.content;
	}

}
