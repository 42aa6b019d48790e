package dev.sagamart.users.session;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface StoredSessions extends Repository<Session, UUID> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select s from Session s where s.id = :id")
	Optional<Session> lock(UUID id);

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select s from Session s where s.family = :family")
	Optional<Session> lockFamily(byte[] family);

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select s from Session s where s.id = (select t.sessionId from IssuedToken t where t.hash = :hash)")
	Optional<Session> lockSessionOf(byte[] hash);

	@Query("select t from IssuedToken t where t.hash = :hash and t.sessionId = :sessionId")
	Optional<IssuedToken> findToken(byte[] hash, UUID sessionId);

	/**
	 * Removes the sessions of a user beyond a number: ended ones first, then the least
	 * recently used ones.
	 */
	@Modifying(flushAutomatically = true)
	@NativeQuery("""
			delete from session where id in (
				select s.id from session s left join refresh_token t on t.session_id = s.id
				where s.user_id = :userId group by s.id
				order by s.ended_at is not null, max(t.expires_at) desc nulls last, s.id desc offset :most)""")
	void removeBeyond(UUID userId, int most);

	@Modifying
	@Query("delete from Session s where s.userId = :userId")
	void removeAll(UUID userId);

}
