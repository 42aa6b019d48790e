package dev.sagamart.platform.messaging;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics that a service needs, as they are created where they are missing. */
public record DeclaredTopics(Collection<NewTopic> topics) {

	public DeclaredTopics {
		topics = List.copyOf(topics);
	}

}
