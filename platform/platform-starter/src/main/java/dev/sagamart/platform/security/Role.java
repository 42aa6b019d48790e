package dev.sagamart.platform.security;

/** The roles of users; the {@code roles} claim of access tokens holds the names. */
public enum Role {

	CUSTOMER, ADMIN

}
