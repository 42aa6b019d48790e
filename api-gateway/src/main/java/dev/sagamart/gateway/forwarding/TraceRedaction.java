package dev.sagamart.gateway.forwarding;

import dev.sagamart.gateway.problem.PathRedaction;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import java.util.List;
import org.springframework.stereotype.Component;

/** Removes secrets in paths from traces and metrics. */
@Component
class TraceRedaction implements ObservationFilter {

	/** The keys of the received request and of the request to the service. */
	private static final List<String> URL_KEYS = List.of("http.url", "http.uri");

	private final PathRedaction paths;

	TraceRedaction(PathRedaction paths) {
		this.paths = paths;
	}

	@Override
	public Observation.Context map(Observation.Context context) {
		for (String name : URL_KEYS) {
			KeyValue url = context.getHighCardinalityKeyValue(name);
			if (url != null) {
				context.addHighCardinalityKeyValue(KeyValue.of(name, this.paths.redact(url.getValue())));
			}
		}
		return context;
	}

}
