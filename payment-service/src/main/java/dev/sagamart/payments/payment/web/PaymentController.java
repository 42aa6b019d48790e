package dev.sagamart.payments.payment.web;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.OperationKind;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.platform.web.ProblemException;
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

	/** An order has one payment, so that there is nothing after the first page. */
	@GetMapping
	Page<PaymentView> list(@RequestParam UUID orderId, Caller caller, PageQuery page) {
		UUID after = page.afterId();
		return new Page<>(this.payments.findByOrderId(orderId)
			.filter((payment) -> after == null && isFor(payment, caller))
			.map((payment) -> view(payment, caller))
			.stream()
			.toList(), null);
	}

	@GetMapping("/{id}")
	PaymentView get(@PathVariable UUID id, Caller caller) {
		return this.payments.findById(id)
			.filter((payment) -> isFor(payment, caller))
			.map((payment) -> view(payment, caller))
			.orElseThrow(() -> ProblemException.notFound("There is no such payment."));
	}

	private PaymentView view(Payment payment, Caller caller) {
		return PaymentView.of(payment, failure(payment, caller));
	}

	/**
	 * What is told of the provider's "no", and to whom. The buyer reads why their card
	 * was declined, as far as they may know, and nothing of what we could not undo. An
	 * administrator reads the provider's own word for the last "no", whatever it was
	 * about.
	 */
	private @Nullable Failure failure(Payment payment, Caller caller) {
		String word = payment.failure();
		if (word == null || (!caller.isAdmin() && payment.capturedAmount().signum() > 0)) {
			return null;
		}
		if (caller.isAdmin() && payment.status() != Payment.Status.VOIDED) {
			return this.payments.findLastRefused(payment.id(), EnumSet.allOf(OperationKind.class))
				.map(Failure::of)
				.orElseGet(() -> Failure.of(OperationKind.AUTHORISE, word));
		}
		// For an administrator, a hold that was given back in the end was no failure.
		return this.payments.findLastRefused(payment.id(), EnumSet.of(OperationKind.AUTHORISE, OperationKind.CAPTURE))
			.map((refused) -> caller.isAdmin() ? Failure.of(refused) : Failure.toBuyer(refused))
			.orElse(null);
	}

	private static boolean isFor(Payment payment, Caller caller) {
		return !payment.isTombstone() && caller.maySee(Objects.requireNonNull(payment.userId()));
	}

	/** A payment as the API shows it. */
	record PaymentView(UUID id, UUID orderId, Money amount, String status, Money captured, Money refunded,
			@Nullable Failure failure, Instant createdAt) {

		static PaymentView of(Payment payment, @Nullable Failure failure) {
			return new PaymentView(payment.id(), payment.orderId(), payment.amount(),
					payment.isOutcomeUnknown() ? "UNKNOWN" : payment.status().name(), payment.capturedAmount(),
					payment.refundedAmount(), failure, payment.createdAt());
		}

	}

}
