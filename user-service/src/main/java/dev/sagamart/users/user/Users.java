package dev.sagamart.users.user;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The accounts, without those that were erased. */
interface Users extends Repository<User, UUID> {

	@Query("select u from User u where u.id = :id and u.erasedAt is null")
	Optional<User> find(UUID id);

	/** Finds a user, whom nobody else changes until the end of the transaction. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select u from User u where u.id = :id and u.erasedAt is null")
	Optional<User> lock(UUID id);

	/**
	 * Locks all ADMINs, also those without a second factor, and a given user. Whoever
	 * needs more than one locked user calls this method, which locks in one order, so
	 * that there are no deadlocks.
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("""
			select u from User u
			where u.erasedAt is null and (u.id = :id or u.admin) order by u.id""")
	List<User> lockAdminsAnd(UUID id);

	/**
	 * Locks a user against changes, if the user is an ADMIN.
	 */
	@Lock(LockModeType.PESSIMISTIC_READ)
	@Query("select u from User u where u.id = :id and u.erasedAt is null and u.admin")
	Optional<User> holdAdmin(UUID id);

	/**
	 * Whether a user has a second factor now. A statement that waited for the lock of a
	 * user would not see later changes of the other table.
	 */
	@NativeQuery("select exists (select from second_factor where user_id = :id and enrolled_at is not null)")
	boolean hasSecondFactor(UUID id);

	Optional<User> findByEmailKey(byte[] emailKey);

	boolean existsByEmailKey(byte[] emailKey);

	List<User> findByErasedAtIsNullAndIdLessThanOrderByIdDesc(UUID before, Limit limit);

	@NativeQuery("select locale, currency, marketing_emails from preference where user_id = :id")
	Optional<Preferences> preferences(UUID id);

	@Modifying
	@NativeQuery("""
			insert into preference (user_id, locale, currency, marketing_emails)
			values (:id, :locale, :currency, :marketingEmails)
			on conflict (user_id) do update set locale = excluded.locale, currency = excluded.currency,
				marketing_emails = excluded.marketing_emails""")
	void prefer(UUID id, String locale, String currency, boolean marketingEmails);

	@Modifying
	@NativeQuery("delete from preference where user_id = :id")
	void forgetPreferences(UUID id);

	@Query("""
			select u.id, u.tokenGeneration from User u where u.tokensRevokedAt > :since
			order by u.tokensRevokedAt desc limit 20000""")
	List<Revocation> revocationsSince(Instant since);

	@Modifying
	@Transactional
	@Query("update User u set u.demo = true where u.id = :id")
	void markForDemo(UUID id);

	long countByDemoTrueAndErasedAtIsNull();

	/** Fails if another account has got the same address meanwhile. */
	void flush();

}
