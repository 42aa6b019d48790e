package dev.sagamart.users.token.web;

import dev.sagamart.platform.tokens.RevokedTokens;
import dev.sagamart.users.token.TokenIssuer;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Revocation;
import jakarta.annotation.security.PermitAll;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The list of revoked access tokens, for the gateway and the services. */
@RestController
@PermitAll
class RevokedTokensController {

	private final Accounts accounts;

	private final TokenIssuer tokens;

	RevokedTokensController(Accounts accounts, TokenIssuer tokens) {
		this.accounts = accounts;
		this.tokens = tokens;
	}

	/**
	 * The revocations of tokens that may not have expired yet.
	 *
	 * @param revoked the oldest valid generation of tokens, by the hash of the user id
	 * from {@link RevokedTokens#hashOf}
	 */
	record Revoked(Map<String, Long> revoked) {
	}

	@GetMapping("/oauth2/revoked-tokens")
	Revoked revoked() {
		return new Revoked(this.accounts.revocationsSince(this.tokens.oldestGood())
			.stream()
			.collect(Collectors.toMap((revocation) -> RevokedTokens.hashOf(revocation.userId().toString()),
					Revocation::tokenGeneration)));
	}

}
