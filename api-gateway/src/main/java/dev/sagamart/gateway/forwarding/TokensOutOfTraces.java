package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.problem.RecordedPaths;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import java.util.List;
import org.springframework.stereotype.Component;

/** Keeps the tokens that stand in paths out of what is told about requests. */
@Component
class TokensOutOfTraces implements ObservationFilter {

	/** The request that came, and the one to the service. */
	private static final List<String> ADDRESSES = List.of("http.url", "http.uri");

	private final RecordedPaths paths;

	TokensOutOfTraces(RecordedPaths paths) {
		this.paths = paths;
	}

	@Override
	public Observation.Context map(Observation.Context context) {
		for (String name : ADDRESSES) {
			KeyValue address = context.getHighCardinalityKeyValue(name);
			if (address != null) {
				context.addHighCardinalityKeyValue(KeyValue.of(name, this.paths.of(address.getValue())));
			}
		}
		return context;
	}

}
