package dev.sagamart.users.oauth.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.User;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** The UserInfo endpoint (OpenID Connect Core, section 5.3). */
@RestController
@Secured("SCOPE_openid")
class UserInfoController {

	private final Accounts accounts;

	UserInfoController(Accounts accounts) {
		this.accounts = accounts;
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record UserInfo(UUID sub, @Nullable String name) {
	}

	@RequestMapping(path = "/userinfo", method = { RequestMethod.GET, RequestMethod.POST })
	UserInfo userInfo(Caller caller, Authentication token) {
		User user = this.accounts.find(caller.userId()).orElseThrow(ProblemException::invalidToken);
		boolean named = AuthorityUtils.authorityListToSet(token.getAuthorities()).contains("SCOPE_profile");
		return new UserInfo(user.id(), named ? user.name() : null);
	}

}
