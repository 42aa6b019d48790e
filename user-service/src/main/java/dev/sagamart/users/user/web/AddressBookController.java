package dev.sagamart.users.user.web;

import dev.sagamart.events.ChargeableCurrency;
import dev.sagamart.events.PostalAddress;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.Address;
import dev.sagamart.users.user.AddressBook;
import dev.sagamart.users.user.Preferences;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.annotation.Secured;
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
@RequestMapping("/api/v1/users/me")
@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
class AddressBookController {

	private final AddressBook book;

	private final Accounts accounts;

	AddressBookController(AddressBook book, Accounts accounts) {
		this.book = book;
		this.accounts = accounts;
	}

	record WantedPreferences(
			@NotNull @Pattern(regexp = "[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}",
					message = "must be a language tag") String locale,
			@NotNull String currency, @NotNull Boolean marketingEmails) {
	}

	@GetMapping("/addresses")
	Page<Address> addresses(Caller caller, PageQuery query) {
		return Page.of(this.book.page(caller.userId(), query.afterId(), query.fetchSize()), query, Function.identity(),
				(address) -> List.of(address.id().toString()));
	}

	@PostMapping("/addresses")
	@Answers({ 201, 409 })
	ResponseEntity<Address> add(Caller caller, @Valid @RequestBody PostalAddress wish) {
		Address address = this.book.add(caller.userId(), wish.trimmed())
			.orElseThrow(() -> this.accounts.find(caller.userId()).isPresent()
					? ProblemException.conflict("TOO_MANY_ADDRESSES",
							"You have the maximum number of addresses. Remove one first.")
					: ProblemException.invalidToken());
		return ResponseEntity.created(URI.create("/api/v1/users/me/addresses/" + address.id())).body(address);
	}

	@DeleteMapping("/addresses/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(Caller caller, @PathVariable UUID id) {
		if (!this.book.remove(caller.userId(), id)) {
			throw ProblemException.notFound("There is no such address.");
		}
	}

	@GetMapping("/preferences")
	Preferences preferences(Caller caller) {
		return this.book.preferences(caller.userId());
	}

	@PutMapping("/preferences")
	Preferences prefer(Caller caller, @Valid @RequestBody WantedPreferences wish) {
		if (ChargeableCurrency.find(wish.currency()).isEmpty()) {
			throw ProblemException.invalid(new FieldProblem("currency", "must be a currency that can be paid in"));
		}
		Preferences preferences = new Preferences(wish.locale(), wish.currency(), wish.marketingEmails());
		if (!this.book.prefer(caller.userId(), preferences)) {
			throw ProblemException.invalidToken();
		}
		return preferences;
	}

}
