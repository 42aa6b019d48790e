package dev.sagamart.users.user.web;

import jakarta.servlet.http.HttpServletResponse;

/**
 * Tells the audit of the gateway which user an answer is about if there is no access
 * token, in a header that the gateway removes.
 */
public final class AuditSubject {

	private AuditSubject() {
	}

	public static void name(HttpServletResponse response, String id) {
		response.setHeader("X-Audit-Subject", id);
	}

}
