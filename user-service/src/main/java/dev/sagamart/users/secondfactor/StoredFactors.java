package dev.sagamart.users.secondfactor;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

interface StoredFactors extends Repository<SecondFactor, UUID> {

	/** Without a transaction, which would cost another round trip. */
	@Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
	Optional<SecondFactor> findById(UUID userId);

	void delete(SecondFactor factor);

	/**
	 * Instances of a version without second factors do not remove those of erased users.
	 */
	@Modifying
	@Transactional
	@Query("delete from SecondFactor f where f.userId in (select u.id from User u where u.erasedAt is not null)")
	void removeOfErased();

}
