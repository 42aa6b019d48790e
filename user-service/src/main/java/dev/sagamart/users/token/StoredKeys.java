package dev.sagamart.users.token;

import java.util.List;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

interface StoredKeys extends Repository<StoredKey, String> {

	/**
	 * Keeps other instances from changing keys until the end of the transaction. No other
	 * advisory lock in this schema has this number.
	 */
	@NativeQuery("select 1 from pg_advisory_xact_lock(x'7369676e6b657973'::bigint)")
	int lock();

	/** All keys, in the order in which they sign. */
	List<StoredKey> findByOrderBySignsFromAscIdAsc();

}
