package dev.sagamart.events;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a payment was declined, as far as the buyer may know. Banks also give reasons such
 * as {@code stolen_card}, {@code lost_card} or {@code fraudulent}. These would warn a
 * thief, so the buyer sees {@link #CARD_DECLINED} for every reason that is not in this
 * list. Only administrators see the provider's own code.
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

	/** Not from the provider: the saga voided the payment before it was authorised. */
	VOIDED("The payment was cancelled before it was taken."),

	/** Not from the provider: there was no hold to capture. */
	NOT_AUTHORISED("The payment was not authorised."),

	/**
	 * Not from the provider: it has captured another amount than we requested, or has
	 * refunded it.
	 */
	CAPTURED_OTHERWISE("The payment was changed at the payment provider."),

	/** Not from the provider: it does not have this payment, so there is no hold. */
	UNKNOWN_TO_PROVIDER("The payment provider does not know this payment any more.");

	private static final Map<String, DeclineReason> BY_CODE = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(DeclineReason::code, Function.identity()));

	private final String sentence;

	DeclineReason(String sentence) {
		this.sentence = sentence;
	}

	/** The reason that the buyer may see for a code of the provider. */
	public static DeclineReason of(String code) {
		return BY_CODE.getOrDefault(code, CARD_DECLINED);
	}

	/** The stable code, as it is in messages. */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** A sentence for the buyer. */
	public String sentence() {
		return this.sentence;
	}

}
