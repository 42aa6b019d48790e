package dev.sagamart.users.email;

import dev.sagamart.users.email.AccountMail.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The mails about accounts: one of each kind for each user, and a reset per address. */
interface StoredMails extends Repository<AccountMail, UUID> {

	/** A token that was mailed before remains valid only for the same address. */
	@NativeQuery("""
			insert into account_mail as m (id, kind, user_id, email, email_key, wanted_at, status, due_at)
			values (:id, :kind, :userId, :email, :emailKey, :now, 'PENDING', now())
			on conflict (user_id, kind) do update set id = excluded.id, email = excluded.email,
				email_key = excluded.email_key, wanted_at = excluded.wanted_at, status = 'PENDING',
				due_at = excluded.due_at, sent_at = null, attempts = 0,
				token_hash = case when m.email_key = excluded.email_key then m.token_hash end,
				token_expires_at = case when m.email_key = excluded.email_key then m.token_expires_at end
			returning id""")
	UUID want(UUID id, String kind, UUID userId, byte[] email, byte[] emailKey, Instant now);

	/** A token that was mailed before remains valid until the new one is sent. */
	@NativeQuery("""
			insert into account_mail (id, kind, email_key, wanted_at, status, due_at)
			values (:id, 'PASSWORD_RESET', :emailKey, :now, 'PENDING', now())
			on conflict (email_key) where kind = 'PASSWORD_RESET' do update set id = excluded.id,
				wanted_at = excluded.wanted_at, status = 'PENDING', due_at = excluded.due_at, sent_at = null, attempts = 0
			returning id""")
	UUID wantReset(UUID id, byte[] emailKey, Instant now);

	@Query("select m from AccountMail m where m.id = :id")
	Optional<AccountMail> find(UUID id);

	@Query("select m from AccountMail m where m.tokenHash = :hash and m.kind = :kind and m.tokenExpiresAt > :now")
	Optional<AccountMail> find(byte[] hash, Kind kind, Instant now);

	@Modifying
	@Transactional
	@Query("update AccountMail m set m.tokenHash = :hash, m.tokenExpiresAt = :expiresAt where m.id = :id")
	void issueToken(UUID id, byte[] hash, Instant expiresAt);

	@Modifying
	@Query("delete from AccountMail m where m.tokenHash = :hash and m.kind = :kind and m.tokenExpiresAt > :now")
	int take(byte[] hash, Kind kind, Instant now);

	@Modifying
	@Query("""
			delete from AccountMail m
			where (m.userId = :userId and m.kind = CONFIRMATION) or (m.emailKey = :emailKey and m.kind = PASSWORD_RESET)""")
	void removeTokens(UUID userId, byte[] emailKey);

	@Modifying
	@Query("delete from AccountMail m where m.userId = :userId and m.kind = CONFIRMATION and m.emailKey <> :emailKey")
	void removeChanges(UUID userId, byte[] emailKey);

	@Modifying
	@Query("""
			delete from AccountMail m
			where m.userId = :userId or (m.emailKey = :emailKey and m.kind = PASSWORD_RESET)""")
	void removeAll(UUID userId, byte[] emailKey);

}
