package dev.sagamart.platform.encryption;

/** Without the right master key the service cannot start. */
class MasterKeyUnusableException extends RuntimeException {

	MasterKeyUnusableException(String message) {
		super(message, null, false, false);
	}

}
