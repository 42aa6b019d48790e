package dev.sagamart.platform.security;

/** What a user may be; the names stand in the {@code roles} claim of access tokens. */
public enum Role {

	CUSTOMER, ADMIN

}
