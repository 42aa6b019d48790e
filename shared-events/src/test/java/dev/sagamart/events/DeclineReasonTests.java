package dev.sagamart.events;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeclineReasonTests {

	@ParameterizedTest
	@ValueSource(strings = { "stolen_card", "lost_card", "fraudulent", "merchant_blacklist", "pickup_card",
			"restricted_card", "security_violation", "generic_decline", "do_not_honor", "STOLEN_CARD", "card_declined",
			"a word of tomorrow", "" })
	void everythingElseReadsAsADeclinedCard(String word) {
		assertThat(DeclineReason.of(word).code()).isEqualTo("card_declined");
	}

	@ParameterizedTest
	@EnumSource
	void tellsTheBuyerWhatTheyCanDoSomethingAbout(DeclineReason reason) {
		assertThat(DeclineReason.of(reason.code())).isEqualTo(reason);
		assertThat(reason.sentence()).matches("[A-Z][^_]+\\.");
	}

	@Test
	void keepsTheProvidersWordsForWhatTheBuyerMayKnow() {
		assertThat(DeclineReason.of("insufficient_funds").sentence()).isEqualTo("The card has insufficient funds.");
		assertThat(DeclineReason.of("expired_card").code()).isEqualTo("expired_card");
	}

}
