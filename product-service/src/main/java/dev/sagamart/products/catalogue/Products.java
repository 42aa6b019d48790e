package dev.sagamart.products.catalogue;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface Products extends JpaRepository<Product, UUID> {

	/** Locks an active product, so that its events have the order of its changes. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select p from Product p where p.id = :id and p.discontinuedAt is null")
	Optional<Product> findActiveAndLock(UUID id);

	/** Locks a product, which may be discontinued. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select p from Product p where p.id = :id")
	Optional<Product> findAndLock(UUID id);

	@Query("select p.sku from Product p")
	List<String> findSkus();

}
