package dev.sagamart.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment intent as the books know it, together with its one charge.
 *
 * @param number its place in the books, from zero
 * @param created seconds since 1970
 * @param captured what was taken, in minor units
 * @param refunded what of that was given back
 * @param method a payment method's id, or {@code null} if none was named yet
 */
record Intent(int number, String id, long created, Status status, long amount, String currency, boolean manualCapture,
		@Nullable String method, long captured, long refunded, Map<String, String> metadata) {

	enum Status {

		REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_CAPTURE, SUCCEEDED, CANCELED;

		String wireName() {
			return switch (this) {
				case REQUIRES_PAYMENT_METHOD -> "requires_payment_method";
				case REQUIRES_CONFIRMATION -> "requires_confirmation";
				case REQUIRES_CAPTURE -> "requires_capture";
				case SUCCEEDED -> "succeeded";
				case CANCELED -> "canceled";
			};
		}

	}

	Intent with(Status newStatus, long newCaptured, long newRefunded) {
		return new Intent(this.number, this.id, this.created, newStatus, this.amount, this.currency, this.manualCapture,
				this.method, newCaptured, newRefunded, this.metadata);
	}

	Intent withMethod(String newMethod) {
		return new Intent(this.number, this.id, this.created, this.status, this.amount, this.currency,
				this.manualCapture, newMethod, this.captured, this.refunded, this.metadata);
	}

	/** Whether a card was ever charged or held. */
	boolean hasCharge() {
		return this.status == Status.REQUIRES_CAPTURE || this.status == Status.SUCCEEDED
				|| (this.status == Status.CANCELED && this.method != null);
	}

	String chargeId() {
		return "ch_" + this.id.substring(3);
	}

	String json() {
		return new Json().put("id", this.id)
			.put("object", "payment_intent")
			.put("amount", this.amount)
			.put("amount_capturable", (this.status == Status.REQUIRES_CAPTURE) ? this.amount : 0)
			.put("amount_received", this.captured)
			.put("capture_method", this.manualCapture ? "manual" : "automatic")
			.put("client_secret", this.id + "_secret_simulated")
			.put("confirmation_method", "automatic")
			.put("created", this.created)
			.put("currency", this.currency)
			.put("latest_charge", hasCharge() ? chargeId() : null)
			.put("livemode", false)
			.put("metadata", this.metadata)
			.put("payment_method", this.method)
			.raw("payment_method_types", "[\"card\"]")
			.put("status", this.status.wireName())
			.toString();
	}

	String chargeJson() {
		return new Json().put("id", chargeId())
			.put("object", "charge")
			.put("amount", this.amount)
			.put("amount_captured", this.captured)
			.put("amount_refunded", this.refunded)
			.put("captured", this.captured > 0)
			.put("created", this.created)
			.put("currency", this.currency)
			.put("livemode", false)
			.put("metadata", this.metadata)
			.put("paid", true)
			.put("payment_intent", this.id)
			.put("payment_method", this.method)
			.put("refunded", this.captured > 0 && this.refunded == this.captured)
			.put("status", "succeeded")
			.toString();
	}

	void writeTo(Form line) {
		line.put("i.number", this.number)
			.put("i.id", this.id)
			.put("i.created", this.created)
			.put("i.status", this.status)
			.put("i.amount", this.amount)
			.put("i.currency", this.currency)
			.put("i.manual", this.manualCapture)
			.put("i.method", this.method)
			.put("i.captured", this.captured)
			.put("i.refunded", this.refunded)
			.putAll("i.metadata", this.metadata);
	}

	static Intent readFrom(Form line) {
		return new Intent(Math.toIntExact(line.number("i.number")), line.require("i.id"), line.number("i.created"),
				Status.valueOf(line.require("i.status")), line.number("i.amount"), line.require("i.currency"),
				Boolean.parseBoolean(line.require("i.manual")), line.get("i.method"), line.number("i.captured"),
				line.number("i.refunded"), line.nested("i.metadata"));
	}

}
