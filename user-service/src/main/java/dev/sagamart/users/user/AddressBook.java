package dev.sagamart.users.user;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.PostalAddress;
import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

@Service
public class AddressBook {

	/** More than anybody needs. */
	public static final int MAX_ADDRESSES = 50;

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final UUID LEAST_ID = new UUID(0, 0);

	private final Addresses addresses;

	private final EntityManager entities;

	private final Users users;

	private final PersonalData personalData;

	private final JsonMapper json;

	AddressBook(Addresses addresses, EntityManager entities, Users users, PersonalData personalData, JsonMapper json) {
		this.addresses = addresses;
		this.entities = entities;
		this.users = users;
		this.personalData = personalData;
		this.json = json;
	}

	/**
	 * The addresses of a user, in the order in which they were added.
	 * @param after the last one of the page before
	 */
	public List<Address> page(UUID userId, @Nullable UUID after, int limit) {
		return this.addresses
			.findByUserIdAndIdGreaterThanOrderById(userId, (after != null) ? after : LEAST_ID, Limit.of(limit))
			.stream()
			.map((stored) -> this.json
				.readValue(this.personalData.decrypt(stored.content(), purpose(userId, stored.id())), Address.class))
			.toList();
	}

	/**
	 * Adds an address; empty if the user has {@link #MAX_ADDRESSES} already, or the
	 * account no longer exists.
	 */
	@Transactional
	public Optional<Address> add(UUID userId, PostalAddress wish) {
		if (this.users.lock(userId).isEmpty() || this.addresses.countByUserId(userId) >= MAX_ADDRESSES) {
			return Optional.empty();
		}
		Address address = new Address(IDS.generate(), wish.recipient(), wish.line1(), wish.line2(), wish.city(),
				wish.postalCode(), wish.country());
		byte[] content = this.personalData.encrypt(this.json.writeValueAsString(address),
				purpose(userId, address.id()));
		this.entities.persist(new StoredAddress(address.id(), userId, content));
		return Optional.of(address);
	}

	/** Removes an address; {@code false} if the user has no such address. */
	@Transactional
	public boolean remove(UUID userId, UUID id) {
		return this.addresses.remove(userId, id) == 1;
	}

	public Preferences preferences(UUID userId) {
		return this.users.preferences(userId).orElse(Preferences.DEFAULT);
	}

	/** Stores preferences; {@code false} if the account no longer exists. */
	@Transactional
	public boolean prefer(UUID userId, Preferences wish) {
		boolean there = this.users.lock(userId).isPresent();
		if (there) {
			this.users.prefer(userId, wish.locale(), wish.currency(), wish.marketingEmails());
		}
		return there;
	}

	private static String purpose(UUID userId, UUID id) {
		return "address " + id + " of " + userId;
	}

}
