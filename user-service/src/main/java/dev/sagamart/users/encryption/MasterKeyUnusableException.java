package dev.sagamart.users.encryption;

/** Without the right master key the service cannot start. */
class MasterKeyUnusableException extends RuntimeException {

	MasterKeyUnusableException(String message) {
		super(message, null, false, false);
	}

}
