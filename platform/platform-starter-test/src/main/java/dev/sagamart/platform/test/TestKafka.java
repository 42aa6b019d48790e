package dev.sagamart.platform.test;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The Kafka broker of this test JVM. */
public final class TestKafka extends BreakableServer {

	TestKafka(Backend backend) {
		super(backend);
	}

	/** Creates an admin client; the caller closes it. */
	public Admin admin() {
		return Admin.create(Map.<String, Object>of("bootstrap.servers", address()));
	}

	/** Creates topics with the broker's defaults, unless they exist. */
	public void createTopics(Collection<String> names) {
		try (Admin admin = admin()) {
			for (String name : names) {
				try {
					admin.createTopics(List.of(new NewTopic(name, Optional.empty(), Optional.empty()))).all().get();
				}
				catch (ExecutionException ex) {
					if (!(ex.getCause() instanceof TopicExistsException)) {
						throw new IllegalStateException("Cannot create the topic " + name, ex);
					}
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
