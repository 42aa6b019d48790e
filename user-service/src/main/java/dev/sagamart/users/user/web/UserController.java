package dev.sagamart.users.user.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Change.Changed;
import dev.sagamart.users.user.Change.LastAdmin;
import dev.sagamart.users.user.Change.NotAdmin;
import dev.sagamart.users.user.Change;
import dev.sagamart.users.user.User;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/users")
@Secured("ROLE_ADMIN")
class UserController {

	private final Accounts accounts;

	UserController(Accounts accounts) {
		this.accounts = accounts;
	}

	record Profile(@NotNull @PersonalText String name) {

		@Override
		public String toString() {
			return "Profile[…]";
		}

	}

	record Roles(@NotEmpty List<@NotNull Role> roles) {
	}

	@Secured({ TokenAuthorities.USER, "SCOPE_profile" })
	@GetMapping("/me")
	UserView me(Caller caller) {
		return UserView.from(this.accounts.find(caller.userId()).orElseThrow(ProblemException::invalidToken));
	}

	@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
	@PutMapping("/me")
	UserView change(Caller caller, @Valid @RequestBody Profile profile) {
		return this.accounts.holding(caller.userId(), (user) -> {
			user.rename(profile.name().strip());
			return UserView.from(user);
		}).orElseThrow(ProblemException::invalidToken);
	}

	@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
	@DeleteMapping("/me")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers(409)
	void erase(Caller caller) {
		changed(this.accounts.erase(caller.userId()), ProblemException::invalidToken);
	}

	@GetMapping
	Page<UserView> list(Caller caller, PageQuery query) {
		UUID after = query.afterId();
		List<User> users = this.accounts
			.asAdmin(caller.userId(), () -> this.accounts.findPage(after, query.fetchSize()))
			.orElseThrow(ProblemException::invalidToken);
		return Page.of(users, query, UserView::from, (user) -> List.of(user.id().toString()));
	}

	@GetMapping("/{id}")
	UserView one(Caller caller, @PathVariable UUID id) {
		return UserView.from(this.accounts.asAdmin(caller.userId(), () -> this.accounts.find(id))
			.orElseThrow(ProblemException::invalidToken)
			.orElseThrow(UserController::notFound));
	}

	@PutMapping("/{id}/roles")
	@Answers(409)
	UserView changeRoles(Caller caller, @PathVariable UUID id, @Valid @RequestBody Roles roles) {
		return UserView.from(changed(this.accounts.changeRoles(caller.userId(), id, Set.copyOf(roles.roles())),
				UserController::notFound));
	}

	private static User changed(Change result, Supplier<ProblemException> nobody) {
		return switch (result) {
			case Changed changed -> changed.user();
			case LastAdmin _ -> throw ProblemException.conflict("LAST_ADMIN",
					"Nobody else has the role ADMIN. Give it to another user first.");
			case NotAdmin _ -> throw ProblemException.invalidToken();
			case Change.NoSuchUser _ -> throw nobody.get();
		};
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no such user.");
	}

}
