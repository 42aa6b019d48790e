package dev.sagamart.users.user.web;

import jakarta.servlet.http.HttpServletResponse;

/**
 * Tells the gateway's audit whom an answer is about when no access token says so, in a
 * header that the gateway takes off.
 */
public final class AuditSubject {

	private AuditSubject() {
	}

	public static void name(HttpServletResponse response, String id) {
		response.setHeader("X-Audit-Subject", id);
	}

}
