package dev.sagamart.platform.scheduling;

import dev.sagamart.platform.failure.TransientFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Runs the {@code @Scheduled} methods of the platform and of its service in every
 * instance. Each has a thread of its own, so that one that waits does not delay the
 * others, and none runs twice at once. A failure is logged, and the job runs again at its
 * next time.
 */
@AutoConfiguration(before = TaskSchedulingAutoConfiguration.class)
@EnableScheduling
class SchedulingAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(SchedulingAutoConfiguration.class);

	/** More than there are jobs: an idle virtual thread costs almost nothing. */
	private static final int THREADS = 32;

	@Bean
	@ConditionalOnMissingBean(TaskScheduler.class)
	ThreadPoolTaskScheduler taskScheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(THREADS);
		scheduler.setVirtualThreads(true);
		scheduler.setThreadNamePrefix("job-");
		scheduler.setErrorHandler(SchedulingAutoConfiguration::log);
		return scheduler;
	}

	private static void log(Throwable failure) {
		if (TransientFailures.isTransient(failure)) {
			logger.warn("A job failed and runs again at its next time: {}", TransientFailures.describe(failure));
		}
		else {
			logger.error("A job failed and runs again at its next time", failure);
		}
	}

}
