package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.util.Set;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The accounts that the documentation logs in with. */
@Component
@Profile("demo")
class DemoAccounts implements ApplicationRunner {

	private final Accounts accounts;

	DemoAccounts(Accounts accounts) {
		this.accounts = accounts;
	}

	@Override
	public void run(ApplicationArguments arguments) {
		add("alice", "Alice Archer", Role.CUSTOMER);
		add("bob", "Bob Baker", Role.CUSTOMER);
		add("admin", "Ada Admin", Role.ADMIN);
	}

	private void add(String account, String name, Role role) {
		EmailAddress email = EmailAddress.of(account + "@sagamart.example").orElseThrow();
		this.accounts.register(email, account + "-demo-password", name, Set.of(role));
	}

}
