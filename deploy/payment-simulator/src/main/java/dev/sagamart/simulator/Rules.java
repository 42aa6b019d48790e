package dev.sagamart.simulator;

import dev.sagamart.simulator.IntentState.Status;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The business rules: what each operation does, and when it is refused. */
final class Rules {

	private Rules() {
	}

	/**
	 * The result of an operation on an intent, which is {@code null} for CREATE.
	 * @throws Refusal if the operation must not be executed
	 */
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
		required(form, "amount");
		String currency = required(form, "currency").toLowerCase(Locale.ROOT);
		long amount = form.number("amount", 0);
		Currencies.check(amount, currency);
		Intent intent = new Intent(0, Tables.newId("pi_"), now, amount, currency,
				"manual".equals(form.get("capture_method")), form.nested("metadata"),
				IntentState.initial(paymentMethod(form)));
		return "true".equals(form.get("confirm")) ? confirm(intent) : OperationResult.of(intent);
	}

	private static String required(Form form, String param) {
		String value = form.get(param);
		if (value == null) {
			throw Refusal.invalid(400, "parameter_missing", param, "Missing required param: " + param + ".");
		}
		return value;
	}

	private static @Nullable String paymentMethod(Form form) {
		String method = form.get("payment_method");
		if (method != null && PaymentMethod.find(method) == null) {
			throw Refusal.notFound("PaymentMethod", "payment_method", method);
		}
		return method;
	}

	private static OperationResult confirmExisting(Intent intent, Form form) {
		String method = paymentMethod(form);
		return switch (intent.state().status()) {
			case REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				confirm((method != null) ? intent.with(intent.state().withMethod(method)) : intent);
			case REQUIRES_CAPTURE, SUCCEEDED, CANCELED -> throw Refusal.unexpectedState(intent, "confirm");
		};
	}

	private static OperationResult confirm(Intent intent) {
		PaymentMethod method = PaymentMethod.find(intent.state().method());
		if (method == null) {
			throw Refusal.invalid(400, "payment_intent_unexpected_state", "payment_method",
					"You cannot confirm this PaymentIntent because it's missing a payment method.");
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
			throw Refusal.unexpectedState(intent, "capture");
		}
		long amount = form.number("amount_to_capture", intent.amount());
		if (amount <= 0 || amount > intent.amount()) {
			throw Refusal.invalid(400, "amount_too_large", "amount_to_capture",
					"The amount to capture must be positive and not above the authorised amount.");
		}
		Currencies.checkDigits(amount, intent.currency(), "amount_to_capture");
		if (PaymentMethod.find(intent.state().method()) == PaymentMethod.CAPTURE_DECLINED) {
			return OperationResult.declined(intent, Status.REQUIRES_CAPTURE, "generic_decline");
		}
		return OperationResult.of(intent.with(intent.state().captured(amount)));
	}

	private static OperationResult cancel(Intent intent, Form form, long now) {
		return switch (intent.state().status()) {
			case REQUIRES_CAPTURE, REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				OperationResult.of(intent.with(intent.state().canceled(now, form.get("cancellation_reason"))));
			case SUCCEEDED, CANCELED -> throw Refusal.unexpectedState(intent, "cancel");
		};
	}

	private static OperationResult refund(Intent intent, Form form, long now) {
		IntentState state = intent.state();
		long left = state.captured() - state.refunded();
		if (state.status() != Status.SUCCEEDED) {
			throw Refusal.invalid(400, "payment_intent_unexpected_state", "payment_intent",
					"This PaymentIntent (" + intent.id() + ") does not have a successful charge to refund.");
		}
		if (left == 0) {
			throw Refusal.invalid(400, "charge_already_refunded", null,
					"Charge " + intent.chargeId() + " has already been refunded.");
		}
		long amount = form.number("amount", left);
		if (amount <= 0) {
			throw Refusal.invalid(400, "parameter_invalid_integer", "amount", "Invalid positive integer");
		}
		if (amount > left) {
			throw Refusal.invalid(400, "amount_too_large", "amount",
					"Refund amount (" + amount + ") is greater than unrefunded amount on charge (" + left + ").");
		}
		Currencies.checkDigits(amount, intent.currency(), "amount");
		Refund refund = new Refund(0, Tables.newId("re_"), now, intent.id(), amount, intent.currency(),
				form.get("reason"), form.nested("metadata"));
		return new OperationResult(intent.with(state.refunded(amount)), refund, null);
	}

}
