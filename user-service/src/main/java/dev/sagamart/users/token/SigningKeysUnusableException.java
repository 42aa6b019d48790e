package dev.sagamart.users.token;

/** Without its signing keys the service cannot start. */
class SigningKeysUnusableException extends RuntimeException {

	SigningKeysUnusableException(String message) {
		super(message, null, false, false);
	}

}
