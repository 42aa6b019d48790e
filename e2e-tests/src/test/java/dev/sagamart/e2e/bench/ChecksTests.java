package dev.sagamart.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ChecksTests {

	@Test
	void agreesOnlyIfEveryCurrencyDoes() {
		String good = "{\"captured\":{\"amount\":5},\"refunded\":{\"amount\":0},\"providerCaptured\":{\"amount\":5},"
				+ "\"providerRefunded\":{\"amount\":0},\"unmatched\":[]}";
		String bad = good.replace("\"unmatched\":[]", "\"unmatched\":[{\"id\":1}]");
		String worse = good.replaceFirst("\"amount\":5", "\"amount\":6");
		assertThat(agrees("{\"items\":[" + good + "," + good + "]}")).isTrue();
		assertThat(agrees(good)).isTrue();
		assertThat(agrees("{\"items\":[" + good + "," + bad + "]}")).isFalse();
		assertThat(agrees("{\"EUR\":" + worse + "}")).isFalse();
		assertThat(agrees("\"nothing\"")).isFalse();
	}

	@Test
	void failsIfTheBacklogIsUnknown() {
		assertThat(Checks.emptyBacklog(0)).isEqualTo("yes: 0 messages");
		assertThat(Checks.emptyBacklog(2)).startsWith("NO");
		assertThat(Checks.emptyBacklog(Double.NaN)).startsWith("NO");
	}

	@Test
	void waitsForTheExpectedValue() throws InterruptedException {
		Iterator<Double> lag = List.of(Double.NaN, 2.0, 0.0, 1.0).iterator();
		assertThat(Checks.await(lag::next, (messages) -> messages == 0)).isZero();
	}

	private static boolean agrees(String json) {
		return Checks.agrees(JsonMapper.shared().readTree(json));
	}

}
