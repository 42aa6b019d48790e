package dev.sagamart.users.user;

import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface Addresses extends Repository<StoredAddress, UUID> {

	List<StoredAddress> findByUserIdAndIdGreaterThanOrderById(UUID userId, UUID after, Limit limit);

	int countByUserId(UUID userId);

	@Modifying
	@Query("delete from StoredAddress a where a.userId = :userId and a.id = :id")
	int remove(UUID userId, UUID id);

	@Modifying
	@Query("delete from StoredAddress a where a.userId = :userId")
	void removeAll(UUID userId);

}
