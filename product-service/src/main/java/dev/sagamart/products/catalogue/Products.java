package dev.sagamart.products.catalogue;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface Products extends JpaRepository<Product, UUID> {

	/**
	 * Locks a product that is still sold, so that its changes and events follow one
	 * another.
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select p from Product p where p.id = :id and p.discontinuedAt is null")
	Optional<Product> lockSold(UUID id);

	/** Locks a product, sold or not. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select p from Product p where p.id = :id")
	Optional<Product> lock(UUID id);

	@Query("select p.sku from Product p")
	List<String> skus();

}
