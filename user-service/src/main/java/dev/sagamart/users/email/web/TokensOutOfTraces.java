package dev.sagamart.users.email.web;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import org.springframework.stereotype.Component;

/** Removes the tokens in paths from traces and metrics. */
@Component
class TokensOutOfTraces implements ObservationFilter {

	@Override
	public Observation.Context map(Observation.Context context) {
		for (KeyValue value : context.getHighCardinalityKeyValues()) {
			int start = value.getValue().indexOf(PasswordResetController.PATH + "/");
			if (start >= 0) {
				String path = value.getValue().substring(0, start) + PasswordResetController.PATH + "/{token}";
				context.addHighCardinalityKeyValue(KeyValue.of(value.getKey(), path));
			}
		}
		return context;
	}

}
