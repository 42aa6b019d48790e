package dev.sagamart.platform.encryption;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the master key, in place of a stack trace. */
class MasterKeyFailureAnalyzer extends AbstractFailureAnalyzer<MasterKeyUnusableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MasterKeyUnusableException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Set it to the base64 form of 32 random bytes (openssl rand -base64 32),"
						+ " the same for every instance and after every restart. While it is being replaced,"
						+ " set the one that ends with " + MasterKey.PREVIOUS + " to the key before.",
				cause);
	}

}
