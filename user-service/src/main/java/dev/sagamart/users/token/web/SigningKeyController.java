package dev.sagamart.users.token.web;

import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.users.token.SigningKeys;
import dev.sagamart.users.user.Accounts;
import java.time.Instant;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/operations/user/signing-keys")
@Secured("ROLE_ADMIN")
class SigningKeyController {

	private final SigningKeys keys;

	private final Accounts accounts;

	SigningKeyController(SigningKeys keys, Accounts accounts) {
		this.keys = keys;
		this.accounts = accounts;
	}

	record NextKey(String id, Instant signsFrom) {
	}

	@PostMapping("/rotation")
	@ResponseStatus(HttpStatus.ACCEPTED)
	NextKey rotate(Caller caller) {
		return this.accounts.asAdmin(caller.userId(), this.keys::rotate)
			.map((key) -> new NextKey(key.id(), key.signsFrom()))
			.orElseThrow(ProblemException::invalidToken);
	}

}
