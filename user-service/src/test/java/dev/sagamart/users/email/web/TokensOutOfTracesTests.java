package dev.sagamart.users.email.web;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TokensOutOfTracesTests {

	@Test
	void saysWhatWasCalledAndNotWithWhichToken() {
		Observation.Context context = new Observation.Context();
		context.addHighCardinalityKeyValue(KeyValue.of("http.url", "/api/v1/password-resets/a-secret?b=c"));
		context.addHighCardinalityKeyValue(KeyValue.of("other", "/api/v1/users/me"));
		assertThat(new TokensOutOfTraces().map(context).getHighCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("http.url", "/api/v1/password-resets/{token}"), KeyValue.of("other", "/api/v1/users/me"));
	}

}
