package dev.sagamart.users.user;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.PostalAddress;
import dev.sagamart.users.encryption.PersonalData;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The addresses, encrypted, and preferences of users. */
@Repository
public class AddressBook {

	/** More than anybody needs. */
	public static final int MAX_ADDRESSES = 50;

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final JdbcClient jdbc;

	private final UserRepository users;

	private final PersonalData personalData;

	private final JsonMapper json;

	AddressBook(JdbcClient jdbc, UserRepository users, PersonalData personalData, JsonMapper json) {
		this.jdbc = jdbc;
		this.users = users;
		this.personalData = personalData;
		this.json = json;
	}

	/**
	 * The addresses of a user, in the order in which they were added.
	 * @param after the last one of the page before
	 */
	public List<Address> page(UUID userId, @Nullable UUID after, int limit) {
		return this.jdbc.sql("""
				SELECT id, content FROM address
				WHERE user_id = ? AND (?::uuid IS NULL OR id > ?::uuid) ORDER BY id LIMIT ?""")
			.params(Arrays.asList(userId, after, after, limit))
			.query((row, index) -> {
				String purpose = purpose(userId, row.getObject("id", UUID.class));
				return this.json.readValue(this.personalData.decrypt(row.getBytes("content"), purpose), Address.class);
			})
			.list();
	}

	/**
	 * Adds an address; empty if the user has {@link #MAX_ADDRESSES} already, or is no
	 * more.
	 */
	@Transactional
	public Optional<Address> add(UUID userId, PostalAddress wish) {
		if (this.users.lock(userId).isEmpty() || count(userId) >= MAX_ADDRESSES) {
			return Optional.empty();
		}
		Address address = new Address(IDS.generate(), wish.recipient(), wish.line1(), wish.line2(), wish.city(),
				wish.postalCode(), wish.country());
		byte[] content = this.personalData.encrypt(this.json.writeValueAsString(address),
				purpose(userId, address.id()));
		this.jdbc.sql("INSERT INTO address (id, user_id, content) VALUES (?, ?, ?)")
			.params(address.id(), userId, content)
			.update();
		return Optional.of(address);
	}

	private int count(UUID userId) {
		return this.jdbc.sql("SELECT count(*) FROM address WHERE user_id = ?")
			.param(userId)
			.query(Integer.class)
			.single();
	}

	/** Removes an address; {@code false} if the user has no such address. */
	public boolean remove(UUID userId, UUID id) {
		return this.jdbc.sql("DELETE FROM address WHERE user_id = ? AND id = ?").params(userId, id).update() == 1;
	}

	public Preferences preferences(UUID userId) {
		return this.jdbc.sql("SELECT locale, currency, marketing_emails FROM preference WHERE user_id = ?")
			.param(userId)
			.query((row, index) -> new Preferences(row.getString("locale"), row.getString("currency"),
					row.getBoolean("marketing_emails")))
			.optional()
			.orElse(Preferences.DEFAULT);
	}

	/** Stores preferences; {@code false} if the user is no more. */
	@Transactional
	public boolean prefer(UUID userId, Preferences preferences) {
		if (this.users.lock(userId).isEmpty()) {
			return false;
		}
		this.jdbc
			.sql("INSERT INTO preference (user_id, locale, currency, marketing_emails) VALUES (?, ?, ?, ?)"
					+ " ON CONFLICT (user_id) DO UPDATE SET locale = excluded.locale, currency = excluded.currency,"
					+ " marketing_emails = excluded.marketing_emails")
			.params(userId, preferences.locale(), preferences.currency(), preferences.marketingEmails())
			.update();
		return true;
	}

	private static String purpose(UUID userId, UUID id) {
		return "address " + id + " of " + userId;
	}

}
