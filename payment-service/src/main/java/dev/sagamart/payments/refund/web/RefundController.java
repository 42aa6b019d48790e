package dev.sagamart.payments.refund.web;

import dev.sagamart.events.ChargeableCurrency;
import dev.sagamart.events.Money;
import dev.sagamart.payments.payment.Operation;
import dev.sagamart.payments.payment.web.Failure;
import dev.sagamart.payments.refund.RefundDecision;
import dev.sagamart.payments.refund.Refunds;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.IdempotentRequests;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Secured("ROLE_ADMIN")
class RefundController {

	private final Refunds refunds;

	private final IdempotentRequests idempotentRequests;

	private final Clock clock;

	RefundController(Refunds refunds, IdempotentRequests idempotentRequests, Clock clock) {
		this.refunds = refunds;
		this.idempotentRequests = idempotentRequests;
		this.clock = clock;
	}

	@PostMapping("/api/v1/payments/{id}/refunds")
	@Answers(value = 201, body = RefundView.class)
	ResponseEntity<?> refund(@PathVariable UUID id, @RequestHeader("Idempotency-Key") String key,
			@Valid @RequestBody RefundRequest request) {
		Money amount = request.toMoney();
		return this.idempotentRequests.run(key, request, () -> {
			RefundDecision decision = this.refunds.request(id, amount, request.reason());
			return switch (decision) {
				case RefundDecision.Accepted(UUID refundId) ->
					ResponseEntity.created(URI.create("/api/v1/payments/" + id))
						.body(new RefundView(refundId, id, amount, request.reason(), RefundView.Status.PENDING, null,
								this.clock.instant()));
				case RefundDecision.NoSuchPayment() -> throw ProblemException.notFound("There is no such payment.");
				case RefundDecision.NothingCaptured() -> throw ProblemException.conflict("NOTHING_CAPTURED",
						"This payment was not captured, so it cannot be refunded.");
				case RefundDecision.WrongCurrency(String expected) ->
					throw ProblemException.invalid(new FieldProblem("amount.currency", "must be " + expected));
				case RefundDecision.ExceedsCapture(Money refundable) ->
					throw ProblemException.unprocessable("REFUND_EXCEEDS_CAPTURE",
							"At most " + refundable.amount() + " minor units can still be refunded.");
			};
		});
	}

	@GetMapping("/api/v1/payments/{id}/refunds")
	Page<RefundView> list(@PathVariable UUID id, PageQuery page) {
		List<Operation> found = this.refunds.list(id, page.afterId(), page.fetchSize())
			.orElseThrow(() -> ProblemException.notFound("There is no such payment."));
		return Page.of(found, page, (refund) -> RefundView.of(id, refund),
				(refund) -> List.of(String.valueOf(refund.refundId())));
	}

	record RefundRequest(@NotNull @Valid Amount amount, @CodePointLength(max = 200) @Nullable String reason) {

		Money toMoney() {
			ChargeableCurrency.find(this.amount.currency())
				.filter((currency) -> !currency.divides(this.amount.amount()))
				.ifPresent((currency) -> {
					throw ProblemException
						.invalid(new FieldProblem("amount.amount", "must be a multiple of " + currency.step()));
				});
			try {
				return new Money(this.amount.amount(), this.amount.currency());
			}
			catch (IllegalArgumentException ex) {
				throw ProblemException.invalid(new FieldProblem("amount.currency", "must be an ISO 4217 currency"));
			}
		}

		record Amount(@NotNull @Positive Long amount, @NotNull String currency) {
		}

	}

	/**
	 * A refund.
	 *
	 * @param status {@code PENDING}: not carried out yet. {@code UNKNOWN}: the provider
	 * did not answer, and the call is repeated. {@code DONE}. {@code DECLINED}: the
	 * provider refused, or nothing was left to refund; it is not repeated
	 * @param failure the last refusal of the provider
	 */
	record RefundView(UUID id, UUID paymentId, Money amount, @Nullable String reason, Status status,
			@Nullable Failure failure, Instant createdAt) {

		enum Status {

			PENDING, UNKNOWN, DONE, DECLINED

		}

		static RefundView of(UUID paymentId, Operation refund) {
			return new RefundView(Objects.requireNonNull(refund.refundId()), paymentId, refund.refundAmount(),
					refund.reason(),
					(refund.outcome() == Operation.Outcome.OPEN) ? Status.PENDING
							: Status.valueOf(refund.outcome().name()),
					refund.isRefused() ? Failure.of(refund) : null, refund.createdAt());
		}

	}

}
