package dev.sagamart.simulator;

import org.jspecify.annotations.Nullable;

/**
 * What an operation came to: the states of things at that moment, from which the reply
 * can be made again.
 */
record Answer(@Nullable Intent intent, @Nullable Refund refund, @Nullable Refusal refusal) {

	static Answer of(Intent intent) {
		return new Answer(intent, null, null);
	}

	static Answer of(Refusal refusal) {
		return new Answer(null, null, refusal);
	}

	/** Whether the card's issuer was asked; all else is refused without a trace. */
	boolean isCarriedOut() {
		return this.refusal == null || this.refusal.declineCode() != null;
	}

	int status() {
		return (this.refusal != null) ? this.refusal.status() : 200;
	}

	String json() {
		if (this.refusal != null) {
			return this.refusal.json(this.intent);
		}
		if (this.refund != null) {
			return this.refund.json();
		}
		return (this.intent != null) ? this.intent.json() : "{}";
	}

	void writeTo(Form line) {
		if (this.intent != null) {
			this.intent.writeTo(line);
		}
		if (this.refund != null) {
			this.refund.writeTo(line);
		}
		if (this.refusal != null) {
			line.put("e.status", this.refusal.status())
				.put("e.type", this.refusal.type())
				.put("e.code", this.refusal.code())
				.put("e.decline", this.refusal.declineCode())
				.put("e.param", this.refusal.param())
				.put("e.message", this.refusal.message());
		}
	}

	static Answer readFrom(Form line) {
		Intent intent = (line.get("i.id") != null) ? Intent.readFrom(line) : null;
		String type = line.get("e.type");
		Refusal refusal = (type == null) ? null : new Refusal(Math.toIntExact(line.number("e.status")), type,
				line.get("e.code"), line.get("e.decline"), line.get("e.param"), line.require("e.message"));
		return new Answer(intent, Refund.readFrom(line), refusal);
	}

}
