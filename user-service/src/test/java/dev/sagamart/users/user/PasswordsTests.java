package dev.sagamart.users.user;

import dev.sagamart.platform.web.BusyException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PasswordsTests {

	private final Passwords passwords = new Passwords(1, Duration.ofMinutes(1));

	@Test
	void knowsTheRightOne() {
		String hash = this.passwords.hash("correct horse");
		assertThat(this.passwords.matches("correct horse", hash)).isTrue();
		assertThat(this.passwords.matches("correct house", hash)).isFalse();
		assertThat(hash).isNotEqualTo(this.passwords.hash("correct horse"));
	}

	@Test
	void knowsItFromEveryKeyboard() {
		assertThat(this.passwords.matches("cafe\u0301 au lait", this.passwords.hash("caf\u00e9 au lait"))).isTrue();
	}

	@Test
	void letsNobodyInWithoutAnAccount() {
		assertThat(this.passwords.matches("nobody has this password", null)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1, 168, 1", "2, 168, 1", "16, 16, 1", "3, 168, 2", "16, 168, 2", "16, 256, 3", "16, 1024, 13",
			"4, 1024, 3", "16, 65536, 15" })
	void leavesACoreAndMostOfTheMemoryToOthers(int processors, long heapMegabytes, int atOnce) {
		assertThat(Passwords.atOnce(processors, heapMegabytes * 1024 * 1024)).isEqualTo(atOnce);
	}

	@Test
	void sendsPeopleAwayWhenThereAreTooMany() {
		Passwords busy = new Passwords(0, Duration.ofMillis(1));
		assertThatThrownBy(() -> busy.hash("correct horse")).isInstanceOf(BusyException.class);
	}

	@Test
	void letsNobodyWaitWhoseTurnWouldNotCome() throws Exception {
		Passwords busy = new Passwords(0, Duration.ofMinutes(1));
		Thread waiting = Thread.ofVirtual().start(() -> {
			try {
				busy.hash("correct horse");
			}
			catch (BusyException _) {
				// it was not its turn
			}
		});
		Awaitility.await().until(waiting::getState, Thread.State.TIMED_WAITING::equals);
		assertThatThrownBy(() -> busy.hash("correct horse")).isInstanceOf(BusyException.class);
		waiting.interrupt();
		waiting.join();
	}

	@Test
	void stopsWaitingWhenTheServiceStops() {
		Passwords busy = new Passwords(0, Duration.ofMinutes(1));
		Thread.currentThread().interrupt();
		assertThatThrownBy(() -> busy.hash("correct horse")).isInstanceOf(BusyException.class);
		assertThat(Thread.interrupted()).isTrue();
	}

}
