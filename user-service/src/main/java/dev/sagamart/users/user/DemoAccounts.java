package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * The accounts in the documentation. With the profile {@code demo}, missing ones are made
 * at the start. Without it, nobody can log in to them, since their passwords are public,
 * and a warning is logged if they exist; they work again when the profile is active
 * again.
 */
@Component
class DemoAccounts implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(DemoAccounts.class);

	private static final List<DemoAccount> ALL = List.of(new DemoAccount("alice", "Alice Archer", Role.CUSTOMER),
			new DemoAccount("bob", "Bob Baker", Role.CUSTOMER), new DemoAccount("admin", "Ada Admin", Role.ADMIN));

	private final Accounts accounts;

	private final boolean wanted;

	DemoAccounts(Accounts accounts, Environment environment) {
		this.accounts = accounts;
		this.wanted = areWanted(environment);
	}

	private record DemoAccount(String word, String name, Role role) {

		EmailAddress email() {
			return EmailAddress.of(this.word + "@sagamart.example").orElseThrow();
		}

		String password() {
			return this.word + "-demo-password";
		}

	}

	/** Whether demo accounts may log in. */
	static boolean areWanted(Environment environment) {
		return environment.acceptsProfiles(Profiles.of("demo"));
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (DemoAccount account : ALL) {
			if (this.wanted) {
				this.accounts.register(account.email(), account.password(), account.name(), Set.of(account.role()),
						true);
			}
			// Demo accounts of earlier versions are not marked yet.
			this.accounts.markForDemo(account.email(), account.password());
		}
		long left = this.wanted ? 0 : this.accounts.countForDemo();
		if (left > 0) {
			logger.warn("Accounts of the demo in the database: {}. Without the profile demo nobody can log in to them.",
					left);
		}
	}

}
