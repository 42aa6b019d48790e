package dev.sagamart.simulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The supported payment methods and their behaviour. */
enum PaymentMethod {

	VISA("pm_card_visa"), MASTERCARD("pm_card_mastercard"),

	DECLINED("pm_card_chargeDeclined", "generic_decline"),

	INSUFFICIENT_FUNDS("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),

	/** Executes each operation, but loses its first reply. */
	LOST_REPLY("pm_sim_lost_reply"),

	/** Fails each operation twice, then executes it. */
	FLAKY("pm_sim_flaky"),

	/** Authorises, but delays the first reply. */
	SLOW("pm_sim_slow"),

	/** Authorises, but declines the capture. */
	CAPTURE_DECLINED("pm_sim_capture_declined");

	private final String id;

	private final @Nullable String declineCode;

	PaymentMethod(String id) {
		this(id, null);
	}

	PaymentMethod(String id, @Nullable String declineCode) {
		this.id = id;
		this.declineCode = declineCode;
	}

	static @Nullable PaymentMethod find(@Nullable String id) {
		return Arrays.stream(values()).filter((method) -> method.id.equals(id)).findFirst().orElse(null);
	}

	/** Why an authorisation is declined, or {@code null} if it is approved. */
	@Nullable String declineCode() {
		return this.declineCode;
	}

}
