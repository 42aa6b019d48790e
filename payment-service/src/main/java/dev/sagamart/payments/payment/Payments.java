package dev.sagamart.payments.payment;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The payments. */
public interface Payments extends Repository<Payment, UUID> {

	Optional<Payment> findById(UUID id);

	Optional<Payment> findByOrderId(UUID orderId);

	/** The payment, which nobody else can change until the transaction ends. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select payment from Payment payment where payment.id = :id")
	Optional<Payment> findAndLock(UUID id);

}
