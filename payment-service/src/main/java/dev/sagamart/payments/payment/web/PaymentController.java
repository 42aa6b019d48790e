package dev.sagamart.payments.payment.web;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.OperationKind;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import java.time.Instant;
import java.util.EnumSet;
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

	/** An order has one payment, so there is never a second page. */
	@GetMapping
	Page<PaymentView> list(@RequestParam UUID orderId, Caller caller, PageQuery page) {
		UUID after = page.afterId();
		return new Page<>(this.payments.findByOrderId(orderId)
			.filter((payment) -> after == null && isVisible(payment, caller))
			.map((payment) -> view(payment, caller))
			.stream()
			.toList(), null);
	}

	@GetMapping("/{id}")
	PaymentView get(@PathVariable UUID id, Caller caller) {
		return this.payments.findById(id)
			.filter((payment) -> isVisible(payment, caller))
			.map((payment) -> view(payment, caller))
			.orElseThrow(() -> ProblemException.notFound("There is no such payment."));
	}

	private PaymentView view(Payment payment, Caller caller) {
		return PaymentView.of(payment, failure(payment, caller));
	}

	/**
	 * The refusal that the caller may see. Buyers see why their card was declined, but
	 * not whether a void or a refund was refused. Administrators see the last refusal of
	 * any operation, with the provider's own code.
	 */
	private @Nullable Failure failure(Payment payment, Caller caller) {
		String code = payment.failure();
		if (code == null || (!caller.isAdmin() && payment.capturedAmount().signum() > 0)) {
			return null;
		}
		if (caller.isAdmin() && payment.status() != Payment.Status.VOIDED) {
			return this.payments.findLastRefused(payment.id(), EnumSet.allOf(OperationKind.class))
				.map(Failure::of)
				.orElseGet(() -> Failure.of(OperationKind.AUTHORISE, code));
		}
		// A refused void of a payment that was voided later is not a failure.
		return this.payments.findLastRefused(payment.id(), EnumSet.of(OperationKind.AUTHORISE, OperationKind.CAPTURE))
			.map((refused) -> caller.isAdmin() ? Failure.of(refused) : Failure.toBuyer(refused))
			.orElse(null);
	}

	private static boolean isVisible(Payment payment, Caller caller) {
		return !payment.isTombstone() && caller.maySee(Objects.requireNonNull(payment.userId()));
	}

	record PaymentView(UUID id, UUID orderId, Money amount, String status, Money captured, Money refunded,
			@Nullable Failure failure, Instant createdAt) {

		static PaymentView of(Payment payment, @Nullable Failure failure) {
			return new PaymentView(payment.id(), payment.orderId(), payment.amount(),
					payment.isOutcomeUnknown() ? "UNKNOWN" : payment.status().name(), payment.capturedAmount(),
					payment.refundedAmount(), failure, payment.createdAt());
		}

	}

}
