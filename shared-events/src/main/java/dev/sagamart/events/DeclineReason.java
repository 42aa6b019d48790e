package dev.sagamart.events;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a payment was declined, as far as the buyer may know. Banks also say
 * {@code stolen_card}, {@code lost_card} or {@code fraudulent}: telling that would warn a
 * thief, so everything that is not in this list reads as {@link #CARD_DECLINED}. Only
 * administrators see the provider's own word.
 */
public enum DeclineReason {

	AUTHENTICATION_REQUIRED("The bank wants a confirmation by the card's owner, which is not possible here."),
	CARD_DECLINED("The card was declined."), CARD_NOT_SUPPORTED("The card cannot be used for this kind of purchase."),
	CURRENCY_NOT_SUPPORTED("The card cannot be charged in this currency."), EXPIRED_CARD("The card has expired."),
	INCORRECT_CVC("The security code of the card is wrong."), INCORRECT_NUMBER("The number of the card is wrong."),
	INSUFFICIENT_FUNDS("The card has insufficient funds."), INVALID_CVC("The security code of the card is wrong."),
	INVALID_EXPIRY_MONTH("The expiry date of the card is wrong."),
	INVALID_EXPIRY_YEAR("The expiry date of the card is wrong."), INVALID_NUMBER("The number of the card is wrong."),
	INVALID_PAYMENT_METHOD("The payment provider does not know this payment method."),
	PROCESSING_ERROR("The card could not be processed. It may work later."),

	/** Ours: the saga took its wish back. */
	VOIDED("The payment was cancelled before it was taken."),

	/** Ours: nothing was held that could be taken. */
	NOT_AUTHORISED("The payment was not authorised."),

	/** Ours: the provider has another amount than was asked for, or gave it back. */
	CAPTURED_OTHERWISE("The payment was changed at the payment provider."),

	/** Ours: nothing is held, for the provider has no such payment. */
	UNKNOWN_TO_PROVIDER("The payment provider does not know this payment any more.");

	private static final Map<String, DeclineReason> BY_CODE = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(DeclineReason::code, Function.identity()));

	private final String sentence;

	DeclineReason(String sentence) {
		this.sentence = sentence;
	}

	/** What of the provider's word the buyer may read. */
	public static DeclineReason of(String word) {
		return BY_CODE.getOrDefault(word, CARD_DECLINED);
	}

	/** The stable word of it, as it travels in messages. */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** A sentence for the buyer. */
	public String sentence() {
		return this.sentence;
	}

}
