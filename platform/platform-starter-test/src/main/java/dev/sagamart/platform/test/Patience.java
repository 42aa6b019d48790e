package dev.sagamart.platform.test;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets every test that does not say how long it waits do so for three minutes: the ten
 * seconds of Awaitility are over too soon on a machine that others keep busy.
 */
public final class Patience implements LauncherSessionListener {

	public static final Duration LIMIT = Duration.ofMinutes(3);

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		Awaitility.setDefaultTimeout(LIMIT);
	}

}
