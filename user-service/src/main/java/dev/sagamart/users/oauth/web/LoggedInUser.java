package dev.sagamart.users.oauth.web;

import dev.sagamart.users.session.LogIn.LoggedIn;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** Somebody who has just come from the login page. Nobody else is given a code. */
class LoggedInUser extends AbstractAuthenticationToken {

	private final LoggedIn login;

	LoggedInUser(LoggedIn login) {
		super(List.of());
		this.login = login;
		setAuthenticated(true);
	}

	LoggedIn login() {
		return this.login;
	}

	@Override
	public String getName() {
		return this.login.userId().toString();
	}

	@Override
	public Object getPrincipal() {
		return getName();
	}

	@Override
	public Object getCredentials() {
		return "";
	}

}
