package dev.sagamart.orders.order;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits for each buyer, so that one account can neither hold all stock nor try many
 * cards. Orders that one buyer places at the same moment may exceed them together.
 *
 * @param openOrders orders that are not confirmed, rejected or cancelled yet
 * @param openUnits the sum of the quantities in open orders; a buyer who has more cannot
 * order
 * @param declines payments that were declined within the window
 * @param declinedMethods different payment methods among these
 * @param window for which a declined payment counts
 */
@Validated
@ConfigurationProperties("sagamart.orders.buyer")
public record BuyerLimits(@DefaultValue("1000") @Min(1) int openOrders, @DefaultValue("2000") @Min(1) int openUnits,
		@DefaultValue("1000") @Min(1) int declines, @DefaultValue("10") @Min(1) int declinedMethods,
		@DefaultValue("15m") @NotNull Duration window) {

	/** Compares a buyer with these limits. */
	public Orders.Buyer find(UUID userId, Orders orders) {
		return orders.findBuyer(userId, this.openOrders, this.openUnits, this.declines, this.declinedMethods,
				this.window.toSeconds());
	}

}
