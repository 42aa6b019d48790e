package dev.sagamart.samples.sample.messaging;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Publication;
import dev.sagamart.samples.sample.SampleEditor;
import dev.sagamart.samples.sample.SampleEvent;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Publishes the events of samples, and removes the samples of erased users. */
@Configuration(proxyBeanMethods = false)
class SampleMessaging {

	@Bean
	Publication sampleEvents() {
		return new Publication(Set.of(SampleEvent.class));
	}

	@Bean
	Subscription erasedUsers(SampleEditor editor) {
		return Subscription.of("sample-service.erasure", UserErased.class,
				(batch) -> editor.forget(batch.stream().map(Received::message).map(UserErased::userId).toList()));
	}

}
