package dev.sagamart.users.token;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the keys, in place of a stack trace. */
class SigningKeysFailureAnalyzer extends AbstractFailureAnalyzer<SigningKeysUnusableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SigningKeysUnusableException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Set SIGNING_MASTER_KEY to the base64 form of 32 random bytes (openssl rand -base64 32),"
						+ " the same for every instance and after every restart.",
				cause);
	}

}
