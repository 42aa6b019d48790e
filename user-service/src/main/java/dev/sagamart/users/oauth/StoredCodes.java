package dev.sagamart.users.oauth;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface StoredCodes extends Repository<AuthorizationCode, byte[]> {

	@Query("select c from AuthorizationCode c where c.hash = :hash")
	Optional<AuthorizationCode> find(byte[] hash);

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select c from AuthorizationCode c where c.hash = :hash")
	Optional<AuthorizationCode> lock(byte[] hash);

	/** Removes codes of a user that were never exchanged in time. */
	@Modifying
	@NativeQuery("""
			delete from authorization_code where ctid = any (array(
				select ctid from authorization_code where user_id = :userId and session_id is null and expires_at < :now
				for update skip locked))""")
	void removeUnused(UUID userId, Instant now);

	@Modifying
	@Query("delete from AuthorizationCode c where c.userId = :userId")
	void removeAll(UUID userId);

}
