package dev.sagamart.simulator;

import dev.sagamart.simulator.IntentState.Status;
import org.jspecify.annotations.Nullable;

/** The business rules: what each operation does, and when it is refused. */
final class Rules {

	private Rules() {
	}

	/** The result of an operation on an intent, which is {@code null} for CREATE. */
	static OperationResult apply(Operation.Kind kind, Form form, @Nullable Intent intent, long now) {
		if (intent == null) {
			return create(form, now);
		}
		return switch (kind) {
			case CREATE -> throw new IllegalStateException("The intent already exists");
			case CONFIRM -> confirmExisting(intent, form);
			case CAPTURE -> capture(intent, form);
			case CANCEL -> cancel(intent, form, now);
			case REFUND -> refund(intent, form, now);
		};
	}

	private static OperationResult create(Form form, long now) {
		String amount = form.get("amount");
		String currency = form.get("currency");
		if (amount == null || currency == null) {
			String param = (amount == null) ? "amount" : "currency";
			return OperationResult
				.of(Refusal.invalid(400, "parameter_missing", param, "Missing required param: " + param + "."));
		}
		long minorUnits = positive(amount);
		Refusal refusal = Currencies.check(minorUnits, amount, currency);
		if (refusal != null) {
			return OperationResult.of(refusal);
		}
		String method = form.get("payment_method");
		if (method != null && PaymentMethod.find(method).isEmpty()) {
			return OperationResult.of(Refusal.notFound("PaymentMethod", "payment_method", method));
		}
		Intent intent = new Intent(0, Tables.newId("pi_"), now, minorUnits, Currencies.code(currency),
				"manual".equals(form.get("capture_method")), form.nested("metadata"), IntentState.initial(method));
		return "true".equals(form.get("confirm")) ? confirm(intent) : OperationResult.of(intent);
	}

	private static OperationResult confirmExisting(Intent intent, Form form) {
		String method = form.get("payment_method");
		if (method != null && PaymentMethod.find(method).isEmpty()) {
			return OperationResult.of(Refusal.notFound("PaymentMethod", "payment_method", method));
		}
		return switch (intent.state().status()) {
			case REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				confirm((method != null) ? intent.with(intent.state().withMethod(method)) : intent);
			case REQUIRES_CAPTURE, SUCCEEDED, CANCELED -> unexpectedState(intent, "confirm");
		};
	}

	private static OperationResult confirm(Intent intent) {
		String id = intent.state().method();
		PaymentMethod method = (id != null) ? PaymentMethod.find(id).orElse(null) : null;
		if (method == null) {
			return OperationResult.of(Refusal.invalid(400, "payment_intent_unexpected_state", "payment_method",
					"You cannot confirm this PaymentIntent because it's missing a payment method."));
		}
		String declineCode = method.declineCode();
		if (declineCode != null) {
			return OperationResult.declined(intent, Status.REQUIRES_PAYMENT_METHOD, declineCode);
		}
		IntentState state = intent.state();
		return OperationResult
			.of(intent.with(intent.manualCapture() ? state.authorised() : state.captured(intent.amount())));
	}

	/** Captures the intent; the rest of the authorised amount is released. */
	private static OperationResult capture(Intent intent, Form form) {
		if (intent.state().status() != Status.REQUIRES_CAPTURE) {
			return unexpectedState(intent, "capture");
		}
		String wanted = form.get("amount_to_capture");
		long amount = (wanted != null) ? positive(wanted) : intent.amount();
		if (amount <= 0 || amount > intent.amount()) {
			return OperationResult.of(Refusal.invalid(400, "amount_too_large", "amount_to_capture",
					"The amount to capture must be positive and not above the authorised amount."));
		}
		Refusal refusal = Currencies.checkDigits(amount, intent.currency(), "amount_to_capture");
		if (refusal != null) {
			return OperationResult.of(refusal);
		}
		if (PaymentMethod.CAPTURE_DECLINED.id().equals(intent.state().method())) {
			return OperationResult.declined(intent, Status.REQUIRES_CAPTURE, "generic_decline");
		}
		return OperationResult.of(intent.with(intent.state().captured(amount)));
	}

	private static OperationResult cancel(Intent intent, Form form, long now) {
		return switch (intent.state().status()) {
			case REQUIRES_CAPTURE, REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				OperationResult.of(intent.with(intent.state().canceled(now, form.get("cancellation_reason"))));
			case SUCCEEDED, CANCELED -> unexpectedState(intent, "cancel");
		};
	}

	private static OperationResult refund(Intent intent, Form form, long now) {
		IntentState state = intent.state();
		long left = state.captured() - state.refunded();
		if (state.status() != Status.SUCCEEDED) {
			return OperationResult.of(Refusal.invalid(400, "payment_intent_unexpected_state", "payment_intent",
					"This PaymentIntent (" + intent.id() + ") does not have a successful charge to refund."));
		}
		if (left == 0) {
			return OperationResult.of(Refusal.invalid(400, "charge_already_refunded", null,
					"Charge " + intent.chargeId() + " has already been refunded."));
		}
		String wanted = form.get("amount");
		long amount = (wanted != null) ? positive(wanted) : left;
		if (amount <= 0) {
			return OperationResult
				.of(Refusal.invalid(400, "parameter_invalid_integer", "amount", "Invalid positive integer"));
		}
		if (amount > left) {
			return OperationResult.of(Refusal.invalid(400, "amount_too_large", "amount",
					"Refund amount (" + amount + ") is greater than unrefunded amount on charge (" + left + ")."));
		}
		Refusal refusal = Currencies.checkDigits(amount, intent.currency(), "amount");
		if (refusal != null) {
			return OperationResult.of(refusal);
		}
		Refund refund = new Refund(0, Tables.newId("re_"), now, intent.id(), amount, intent.currency(),
				form.get("reason"), form.nested("metadata"));
		return new OperationResult(intent.with(state.refunded(amount)), refund, null);
	}

	private static OperationResult unexpectedState(Intent intent, String verb) {
		return new OperationResult(intent, null,
				Refusal.invalid(400, "payment_intent_unexpected_state", null,
						"You cannot " + verb + " this PaymentIntent because it has a status of "
								+ intent.state().status().wireName() + "."));
	}

	private static long positive(String text) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
