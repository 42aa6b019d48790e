package dev.sagamart.users.user.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.web.CodePoints;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.platform.web.ProblemException;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Change;
import dev.sagamart.users.user.Change.Changed;
import dev.sagamart.users.user.Change.LastAdmin;
import dev.sagamart.users.user.Change.NotAdmin;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.Registration;
import dev.sagamart.users.user.Registration.EmailTaken;
import dev.sagamart.users.user.Registration.NoSuchUser;
import dev.sagamart.users.user.Registration.Registered;
import dev.sagamart.users.user.User;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/users")
class UserController {

	private final Accounts accounts;

	UserController(Accounts accounts) {
		this.accounts = accounts;
	}

	record NewUser(@NotNull String email, @NotNull @CodePoints(min = 12, max = 128) String password,
			@NotNull @PersonalText String name) {

		@Override
		public String toString() {
			return "NewUser[…]";
		}

	}

	record Profile(@Nullable String email, @NotNull @PersonalText String name) {

		@Override
		public String toString() {
			return "Profile[…]";
		}

	}

	record Roles(@NotEmpty List<@NotNull Role> roles) {
	}

	@PostMapping
	@Answers({ 201, 409 })
	ResponseEntity<UserView> register(@Valid @RequestBody NewUser wish, HttpServletResponse response) {
		UserView user = viewOf(this.accounts.register(email(wish.email()), wish.password(), wish.name().strip(),
				Set.of(Role.CUSTOMER)));
		AuditSubject.name(response, user.id().toString());
		return ResponseEntity.created(URI.create("/api/v1/users/" + user.id())).body(user);
	}

	@GetMapping("/me")
	UserView me(Caller caller) {
		return UserView.from(this.accounts.find(caller.userId()).orElseThrow(StaleToken::refused));
	}

	@PutMapping("/me")
	@Answers(409)
	UserView change(Caller caller, @Valid @RequestBody Profile profile) {
		String email = profile.email();
		return viewOf(
				this.accounts.change(caller.userId(), profile.name().strip(), (email != null) ? email(email) : null));
	}

	@DeleteMapping("/me")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers(409)
	void erase(Caller caller) {
		changed(this.accounts.erase(caller.userId()), StaleToken::refused);
	}

	@GetMapping
	Page<UserView> list(Caller caller, PageQuery query) {
		UUID after = query.afterId();
		List<User> users = this.accounts
			.asAdmin(caller.userId(), () -> this.accounts.findPage(after, query.fetchSize()))
			.orElseThrow(StaleToken::refused);
		return Page.of(users, query, UserView::from, (user) -> List.of(user.id().toString()));
	}

	@GetMapping("/{id}")
	UserView one(Caller caller, @PathVariable UUID id) {
		return UserView.from(this.accounts.asAdmin(caller.userId(), () -> this.accounts.find(id))
			.orElseThrow(StaleToken::refused)
			.orElseThrow(UserController::notFound));
	}

	@PutMapping("/{id}/roles")
	@Answers(409)
	UserView changeRoles(Caller caller, @PathVariable UUID id, @Valid @RequestBody Roles roles) {
		return UserView.from(changed(this.accounts.changeRoles(caller.userId(), id, Set.copyOf(roles.roles())),
				UserController::notFound));
	}

	private static EmailAddress email(String text) {
		return EmailAddress.of(text)
			.orElseThrow(() -> ProblemException
				.invalid(new ProblemException.FieldProblem("email", "must be an email address")));
	}

	private static UserView viewOf(Registration result) {
		return switch (result) {
			case Registered registered -> UserView.from(registered.user());
			case EmailTaken _ ->
				throw ProblemException.conflict("EMAIL_TAKEN", "There is an account with this email address.");
			case NoSuchUser _ -> throw StaleToken.refused();
		};
	}

	private static User changed(Change result, Supplier<ProblemException> nobody) {
		return switch (result) {
			case Changed changed -> changed.user();
			case LastAdmin _ -> throw ProblemException.conflict("LAST_ADMIN",
					"Nobody else has the role ADMIN: give it to somebody first.");
			case NotAdmin _ -> throw StaleToken.refused();
			case Change.NoSuchUser _ -> throw nobody.get();
		};
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no such user.");
	}

}
