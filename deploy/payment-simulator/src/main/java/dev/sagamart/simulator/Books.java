package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The provider's own books: payment intents, refunds and answered idempotency keys, in
 * memory and in a {@link Journal}. Every change is journalled before it is visible.
 */
final class Books implements AutoCloseable {

	private final List<Intent> intents = new ArrayList<>();

	private final Map<String, Integer> intentNumbers = new HashMap<>();

	private final List<Refund> refunds = new ArrayList<>();

	private final Map<String, Integer> refundNumbers = new HashMap<>();

	private final Map<String, KeyedAnswer> answers = new HashMap<>();

	private final Map<String, Integer> failures = new HashMap<>();

	private final Journal journal;

	private Books(Path directory) throws IOException {
		this.journal = Journal.open(directory.resolve("books.journal"), this::recover);
	}

	/** An answer that was given under an idempotency key. */
	private static final class KeyedAnswer {

		private final int request;

		private final Answer answer;

		private boolean onItsWay;

		KeyedAnswer(int request, Answer answer) {
			this.request = request;
			this.answer = answer;
		}

	}

	static Books open(Path directory) throws IOException {
		return new Books(directory);
	}

	/** Carries out an operation, or answers it again. */
	synchronized Reply post(String path, Form form, @Nullable String key) {
		int request = 31 * path.hashCode() + form.hashCode();
		KeyedAnswer known = (key != null) ? this.answers.get(key) : null;
		if (known != null) {
			return again(known, request);
		}
		Operation operation = Operation.of(path);
		if (operation == null) {
			return Reply.of(Refusal.invalid(404, null, null, "Unrecognized request URL (POST: " + path + ")."));
		}
		Intent intent = null;
		if (operation.kind() != Operation.Kind.CREATE) {
			String id = (operation.intentId() != null) ? operation.intentId() : intentToRefund(form);
			intent = find(id);
			if (intent == null) {
				return Reply.of(Refusal.notFound("payment_intent", "intent", id));
			}
		}
		PaymentMethod method = method(form, intent);
		if (method == PaymentMethod.FLAKY && failsNow((key != null) ? key : path + form)) {
			return Reply.of(Refusal.internalError());
		}
		Answer answer = answer(operation.kind(), form, intent);
		if (!answer.isCarriedOut()) {
			return new Reply(answer.status(), answer.json(), false, Reply.Delivery.AT_ONCE);
		}
		record(answer, request, key);
		return new Reply(answer.status(), answer.json(), false, delivery(method, operation.kind(), key));
	}

	private Reply again(KeyedAnswer known, int request) {
		if (known.request != request) {
			return Reply.of(new Refusal(400, "idempotency_error", null, null, null,
					"Keys for idempotent requests can only be used with the same parameters they were first used with."));
		}
		if (known.onItsWay) {
			return Reply.of(Refusal.invalid(409, "idempotency_key_in_use", null,
					"There is currently another in-progress request using this Idempotent Key."));
		}
		return new Reply(known.answer.status(), known.answer.json(), true, Reply.Delivery.AT_ONCE);
	}

	private Reply.Delivery delivery(@Nullable PaymentMethod method, Operation.Kind kind, @Nullable String key) {
		KeyedAnswer answer = (key != null) ? this.answers.get(key) : null;
		if (answer != null && method == PaymentMethod.LOST_REPLY) {
			return Reply.Delivery.NEVER;
		}
		if (method == PaymentMethod.SLOW && kind.authorises()) {
			if (answer != null) {
				answer.onItsWay = true;
			}
			return Reply.Delivery.LATE;
		}
		return Reply.Delivery.AT_ONCE;
	}

	/** A late reply has left, so that its key may be asked for again. */
	synchronized void delivered(@Nullable String key) {
		KeyedAnswer answer = (key != null) ? this.answers.get(key) : null;
		if (answer != null) {
			answer.onItsWay = false;
		}
	}

	private boolean failsNow(String operation) {
		int before = this.failures.getOrDefault(operation, 0);
		if (before == 2) {
			this.failures.remove(operation);
			return false;
		}
		this.failures.put(operation, before + 1);
		return true;
	}

	private @Nullable PaymentMethod method(Form form, @Nullable Intent intent) {
		String id = form.get("payment_method");
		if (id == null && intent != null) {
			id = intent.method();
		}
		return (id != null) ? PaymentMethod.find(id).orElse(null) : null;
	}

	private Answer answer(Operation.Kind kind, Form form, @Nullable Intent intent) {
		if (intent == null) {
			return create(form);
		}
		return switch (kind) {
			case CREATE -> throw new IllegalStateException("Nothing to create again");
			case CONFIRM -> confirmExisting(intent, form);
			case CAPTURE -> capture(intent, form);
			case CANCEL -> cancel(intent);
			case REFUND -> refund(intent, form);
		};
	}

	private Answer create(Form form) {
		String amount = form.get("amount");
		String currency = form.get("currency");
		if (amount == null || currency == null) {
			String param = (amount == null) ? "amount" : "currency";
			return Answer
				.of(Refusal.invalid(400, "parameter_missing", param, "Missing required param: " + param + "."));
		}
		long minorUnits = positive(amount);
		if (minorUnits <= 0) {
			return Answer.of(Refusal.invalid(400, "parameter_invalid_integer", "amount", "Invalid integer: " + amount));
		}
		if (!currency.matches("[A-Za-z]{3}")) {
			return Answer
				.of(Refusal.invalid(400, "parameter_invalid_empty", "currency", "Invalid currency: " + currency));
		}
		String method = form.get("payment_method");
		Intent intent = new Intent(this.intents.size(), newId("pi_"), Instant.now().getEpochSecond(),
				(method != null) ? Intent.Status.REQUIRES_CONFIRMATION : Intent.Status.REQUIRES_PAYMENT_METHOD,
				minorUnits, currency.toLowerCase(Locale.ROOT), "manual".equals(form.get("capture_method")), method, 0,
				0, form.nested("metadata"));
		if (method != null && PaymentMethod.find(method).isEmpty()) {
			return Answer.of(Refusal.notFound("PaymentMethod", "payment_method", method));
		}
		return "true".equals(form.get("confirm")) ? confirm(intent) : Answer.of(intent);
	}

	private static Answer confirmExisting(Intent intent, Form form) {
		String method = form.get("payment_method");
		if (method != null && PaymentMethod.find(method).isEmpty()) {
			return Answer.of(Refusal.notFound("PaymentMethod", "payment_method", method));
		}
		return switch (intent.status()) {
			case REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				confirm((method != null) ? intent.withMethod(method) : intent);
			case REQUIRES_CAPTURE, SUCCEEDED, CANCELED -> unexpectedState(intent, "confirm");
		};
	}

	private static Answer confirm(Intent intent) {
		String id = intent.method();
		PaymentMethod method = (id != null) ? PaymentMethod.find(id).orElse(null) : null;
		if (method == null) {
			return Answer.of(Refusal.invalid(400, "payment_intent_unexpected_state", "payment_method",
					"You cannot confirm this PaymentIntent because it's missing a payment method."));
		}
		String declineCode = method.declineCode();
		if (declineCode != null) {
			return new Answer(intent.with(Intent.Status.REQUIRES_PAYMENT_METHOD, 0, 0), null,
					Refusal.declined(declineCode));
		}
		return Answer.of(intent.manualCapture() ? intent.with(Intent.Status.REQUIRES_CAPTURE, 0, 0)
				: intent.with(Intent.Status.SUCCEEDED, intent.amount(), 0));
	}

	private static Answer capture(Intent intent, Form form) {
		if (intent.status() != Intent.Status.REQUIRES_CAPTURE) {
			return unexpectedState(intent, "capture");
		}
		String wanted = form.get("amount_to_capture");
		long amount = (wanted != null) ? positive(wanted) : intent.amount();
		if (amount <= 0 || amount > intent.amount()) {
			return Answer.of(Refusal.invalid(400, "amount_too_large", "amount_to_capture",
					"The amount to capture must be positive and not above the authorised amount."));
		}
		if (PaymentMethod.CAPTURE_DECLINED.id().equals(intent.method())) {
			return new Answer(intent, null, Refusal.declined("generic_decline"));
		}
		return Answer.of(intent.with(Intent.Status.SUCCEEDED, amount, 0));
	}

	private static Answer cancel(Intent intent) {
		return switch (intent.status()) {
			case REQUIRES_CAPTURE, REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD ->
				Answer.of(intent.with(Intent.Status.CANCELED, 0, 0));
			case SUCCEEDED, CANCELED -> unexpectedState(intent, "cancel");
		};
	}

	private Answer refund(Intent intent, Form form) {
		long left = intent.captured() - intent.refunded();
		if (intent.status() != Intent.Status.SUCCEEDED) {
			return Answer.of(Refusal.invalid(400, "payment_intent_unexpected_state", "payment_intent",
					"This PaymentIntent (" + intent.id() + ") does not have a successful charge to refund."));
		}
		if (left == 0) {
			return Answer.of(Refusal.invalid(400, "charge_already_refunded", null,
					"Charge " + intent.chargeId() + " has already been refunded."));
		}
		String wanted = form.get("amount");
		long amount = (wanted != null) ? positive(wanted) : left;
		if (amount <= 0) {
			return Answer.of(Refusal.invalid(400, "parameter_invalid_integer", "amount", "Invalid positive integer"));
		}
		if (amount > left) {
			return Answer.of(Refusal.invalid(400, "amount_too_large", "amount",
					"Refund amount (" + amount + ") is greater than unrefunded amount on charge (" + left + ")."));
		}
		Refund refund = new Refund(this.refunds.size(), newId("re_"), Instant.now().getEpochSecond(), intent.id(),
				amount, intent.currency(), form.get("reason"), form.nested("metadata"));
		return new Answer(intent.with(intent.status(), intent.captured(), intent.refunded() + amount), refund, null);
	}

	private static Answer unexpectedState(Intent intent, String verb) {
		return new Answer(intent, null, Refusal.invalid(400, "payment_intent_unexpected_state", null, "You cannot "
				+ verb + " this PaymentIntent because it has a status of " + intent.status().wireName() + "."));
	}

	private String intentToRefund(Form form) {
		String charge = form.get("charge");
		if (charge != null && charge.startsWith("ch_")) {
			return "pi_" + charge.substring(3);
		}
		String intent = form.get("payment_intent");
		return (intent != null) ? intent : "";
	}

	private void record(Answer answer, int request, @Nullable String key) {
		Form line = Form.empty();
		answer.writeTo(line);
		if (key != null) {
			line.put("key", key).put("request", request);
		}
		this.journal.append(line);
		apply(answer, request, key);
	}

	private void recover(Form line) {
		String key = line.get("key");
		apply(Answer.readFrom(line), (key != null) ? Math.toIntExact(line.number("request")) : 0, key);
	}

	private void apply(Answer answer, int request, @Nullable String key) {
		Intent intent = answer.intent();
		if (intent != null) {
			put(this.intents, intent.number(), intent);
			this.intentNumbers.put(intent.id(), intent.number());
		}
		Refund refund = answer.refund();
		if (refund != null) {
			put(this.refunds, refund.number(), refund);
			this.refundNumbers.put(refund.id(), refund.number());
		}
		if (key != null) {
			this.answers.put(key, new KeyedAnswer(request, answer));
		}
	}

	private static <T> void put(List<T> list, int number, T element) {
		if (number == list.size()) {
			list.add(element);
		}
		else {
			list.set(number, element);
		}
	}

	synchronized @Nullable Intent find(String intentId) {
		Integer number = this.intentNumbers.get(intentId);
		return (number != null) ? this.intents.get(number) : null;
	}

	synchronized @Nullable Refund findRefund(String refundId) {
		Integer number = this.refundNumbers.get(refundId);
		return (number != null) ? this.refunds.get(number) : null;
	}

	/** All intents, oldest first, as they are now. */
	synchronized List<Intent> intents() {
		return List.copyOf(this.intents);
	}

	/** All refunds, oldest first. */
	synchronized List<Refund> refunds() {
		return List.copyOf(this.refunds);
	}

	private static long positive(String text) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private static String newId(String prefix) {
		byte[] random = new byte[12];
		ThreadLocalRandom.current().nextBytes(random);
		return prefix + HexFormat.of().formatHex(random);
	}

	@Override
	public synchronized void close() {
		this.journal.close();
	}

}
