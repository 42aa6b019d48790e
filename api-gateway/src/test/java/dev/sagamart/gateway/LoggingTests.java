package dev.sagamart.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.core.log.LogMessage;

import static org.assertj.core.api.Assertions.assertThat;

class LoggingTests {

	@Test
	void doesNotFormatMessagesOfDisabledLevels() {
		Logger logger = (Logger) LoggerFactory.getLogger(LoggingTests.class.getName());
		AtomicInteger made = new AtomicInteger();
		LogMessage message = LogMessage.of(() -> "message " + made.incrementAndGet());
		logger.setLevel(Level.INFO);
		LogFactory.getLog(LoggingTests.class).debug(message);
		assertThat(made).hasValue(0);
		logger.setLevel(Level.DEBUG);
		LogFactory.getLog(LoggingTests.class).debug(message);
		assertThat(made).hasValue(1);
	}

}
