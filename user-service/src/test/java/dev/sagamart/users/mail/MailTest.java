package dev.sagamart.users.mail;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sagamart.local.Ports;
import dev.sagamart.platform.test.AwaitTimeout;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.users.UsersTest;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** With a real mail server, which comes and goes. */
@PlatformTest(properties = { "sagamart.mail.interval=PT0.1S", "sagamart.mail.first-pause=100ms",
		"sagamart.mail.longest-pause=200ms", "sagamart.mail.max-attempts=100", "logging.level.com.icegreen=off",
		"SHOP_URL=https://shop.example.com", "sagamart.second-factor.required=false" })
public abstract class MailTest extends UsersTest {

	private static final int PORT = Ports.free();

	private static final Pattern LINK = Pattern
		.compile("https://shop\\.example\\.com/(confirm-email|reset-password)#token=([\\w-]{43})");

	protected final GreenMail mailServer = new GreenMail(setup());

	@DynamicPropertySource
	static void mailServer(DynamicPropertyRegistry registry) {
		registry.add("spring.mail.host", () -> "127.0.0.1");
		registry.add("spring.mail.port", () -> PORT);
	}

	@BeforeEach
	void startMailServer() {
		this.mailServer.start();
	}

	/** A mail that is tried again must not come to the mail server of the next test. */
	@AfterEach
	void stopMailServer() {
		this.jdbc.sql("DELETE FROM account_mail").update();
		this.jdbc.sql("DELETE FROM notification").update();
		this.mailServer.stop();
	}

	/** What has come for an address until now, the oldest first. */
	protected List<MimeMessage> mailsTo(String address) {
		return Arrays.asList(this.mailServer.getReceivedMessagesForDomain(address));
	}

	protected static String textOf(MimeMessage mail) {
		try {
			return mail.getContent().toString();
		}
		catch (IOException | MessagingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** All tokens that have come for an address, the oldest first. */
	protected List<String> tokensTo(String address, String page) {
		return mailsTo(address).stream().map(MailTest::textOf).flatMap((text) -> tokenIn(text, page)).toList();
	}

	/** The token of the mail that comes as the given one, counted from 1. */
	protected String token(String address, String page, int number) {
		Awaitility.await().until(() -> tokensTo(address, page).size() >= number);
		return tokensTo(address, page).get(number - 1);
	}

	private static Stream<String> tokenIn(String text, String page) {
		Matcher link = LINK.matcher(text);
		if (!link.find() || !link.group(1).equals(page)) {
			return Stream.empty();
		}
		assertThat(text.lines()).as("the code by itself").contains(link.group(2));
		return Stream.of(link.group(2));
	}

	protected Answer confirm(String token) {
		return call("POST", "/api/v1/email-confirmations", null, Map.of("token", token));
	}

	/** Registers somebody who confirms their address, and gives their access token. */
	protected String confirmedCustomer(String email) {
		String token = customer(email);
		assertThat(confirm(token(email, "confirm-email", 1)).status()).isEqualTo(204);
		return token;
	}

	/** Until nothing waits any more to be sent. */
	protected void awaitAllSent() {
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT count(*) FROM account_mail WHERE status = 'PENDING'")
				.query(Integer.class)
				.single() == 0);
	}

	private static ServerSetup setup() {
		ServerSetup setup = new ServerSetup(PORT, "127.0.0.1", "smtp");
		setup.setServerStartupTimeout(AwaitTimeout.LIMIT.toMillis());
		return setup;
	}

}
