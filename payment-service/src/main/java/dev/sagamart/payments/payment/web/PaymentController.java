package dev.sagamart.payments.payment.web;

import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Payment;
import dev.sagamart.payments.payment.Payments;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.platform.web.ProblemException;
import java.time.Instant;
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

	private final Failures failures;

	PaymentController(Payments payments, Failures failures) {
		this.payments = payments;
		this.failures = failures;
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
		return PaymentView.of(payment, this.failures.of(payment, caller));
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
