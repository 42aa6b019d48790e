package dev.sagamart.platform.test;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets the default time-out of Awaitility to three minutes. Its own default of ten
 * seconds is too short on a busy machine.
 */
public final class AwaitTimeout implements LauncherSessionListener {

	public static final Duration LIMIT = Duration.ofMinutes(3);

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		Awaitility.setDefaultTimeout(LIMIT);
	}

}
