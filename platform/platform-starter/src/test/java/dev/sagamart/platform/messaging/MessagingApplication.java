package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.CustomsEvent.CustomsRefused;
import dev.sagamart.platform.messaging.ParcelEvent.ParcelReturned;
import dev.sagamart.platform.messaging.inbox.MessageHandler;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import dev.sagamart.platform.messaging.outbox.Publication;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A service that changes aggregates and writes a journal of their events. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class MessagingApplication {

	static final String GROUP = "journal-service";

	static void main(String[] args) {
		SpringApplication.run(MessagingApplication.class, args);
	}

	@Bean
	Journal journal(JdbcTemplate jdbc) {
		return new Journal(jdbc, GROUP);
	}

	@Bean
	Subscription journalSubscription(Journal journal, @Value("${journal.group:" + GROUP + "}") String group,
			@Value("${halt.after.commits:0}") int haltAfterCommits) {
		return Subscription.of(group, ParcelEvent.class,
				(haltAfterCommits > 0) ? halting(journal, haltAfterCommits) : journal);
	}

	/** Halts the process between the commit of the database and that of the offsets. */
	private static MessageHandler<Received<ParcelEvent>> halting(Journal journal, int commits) {
		AtomicInteger left = new AtomicInteger(commits);
		return (batch) -> {
			journal.handle(batch);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCompletion(int status) {
					if (status == STATUS_COMMITTED && left.addAndGet(-batch.size()) <= 0) {
						Runtime.getRuntime().halt(ServiceProcess.HALTED);
					}
				}
			});
		};
	}

	/** Answers what the customs refuse with a returned parcel, in its context. */
	@Bean
	Subscription answers(Outbox outbox) {
		return Subscription.of("answers-service", CustomsRefused.class,
				(batch) -> outbox.appendAll(
						batch.stream()
							.map((received) -> new Outgoing(new ParcelReturned(received.message().parcelId(),
									Aggregates.USER, 1, received.at()), received.context()))
							.toList()));
	}

	@Bean
	Publication parcelEvents() {
		return new Publication(Set.of(ParcelEvent.class));
	}

	@Bean
	Aggregates aggregates(JdbcTemplate jdbc, PlatformTransactionManager transactionManager, Outbox outbox) {
		return new Aggregates(jdbc, transactionManager, outbox);
	}

}
