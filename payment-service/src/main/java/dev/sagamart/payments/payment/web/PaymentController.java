package dev.sagamart.payments.payment.web;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.ProblemException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/payments")
class PaymentController {

	private final Payments payments;

	PaymentController(Payments payments) {
		this.payments = payments;
	}

	@GetMapping
	Page<PaymentView> list(@RequestParam UUID orderId, Caller caller) {
		return new Page<>(this.payments.findByOrderId(orderId)
			.filter((payment) -> isFor(payment, caller))
			.map(PaymentView::from)
			.stream()
			.toList(), null);
	}

	@GetMapping("/{id}")
	PaymentView get(@PathVariable UUID id, Caller caller) {
		return this.payments.findById(id)
			.filter((payment) -> isFor(payment, caller))
			.map(PaymentView::from)
			.orElseThrow(() -> ProblemException.notFound("There is no such payment."));
	}

	private static boolean isFor(Payment payment, Caller caller) {
		return !payment.isTombstone() && caller.maySee(Objects.requireNonNull(payment.userId()));
	}

	/** A payment as the API shows it. */
	record PaymentView(UUID id, UUID orderId, Money amount, String status, Money captured, Money refunded,
			@Nullable Failure failure, Instant createdAt) {

		static PaymentView from(Payment payment) {
			return new PaymentView(payment.id(), payment.orderId(), payment.amount(),
					payment.isOutcomeUnknown() ? "UNKNOWN" : payment.status().name(), payment.capturedAmount(),
					payment.refundedAmount(), Failure.from(payment.failure()), payment.createdAt());
		}

	}

	/** Why the provider said no. */
	record Failure(String code, String message) {

		static @Nullable Failure from(@Nullable String reason) {
			return (reason == null) ? null : new Failure(reason.toUpperCase(Locale.ROOT), switch (reason) {
				case "insufficient_funds" -> "The card has insufficient funds.";
				case "invalid_payment_method" -> "The payment provider does not know this payment method.";
				default -> "The card was declined.";
			});
		}

	}

}
