package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * The accounts that the documentation logs in with. With the profile {@code demo} they
 * are made if they are missing. Without it nobody logs in to them, since everybody knows
 * their passwords, and the start says that they are there; nothing else is changed, so
 * that they work again when the profile is back. All of this is done before the first
 * request.
 */
@Component
class DemoAccounts implements SmartInitializingSingleton {

	private static final Logger log = LoggerFactory.getLogger(DemoAccounts.class);

	private static final List<DemoAccount> ALL = List.of(new DemoAccount("alice", "Alice Archer", Role.CUSTOMER),
			new DemoAccount("bob", "Bob Baker", Role.CUSTOMER), new DemoAccount("admin", "Ada Admin", Role.ADMIN));

	private final Accounts accounts;

	private final boolean wanted;

	@Autowired
	DemoAccounts(Accounts accounts, Environment environment) {
		this(accounts, areWanted(environment));
	}

	DemoAccounts(Accounts accounts, boolean wanted) {
		this.accounts = accounts;
		this.wanted = wanted;
	}

	private record DemoAccount(String word, String name, Role role) {

		EmailAddress email() {
			return EmailAddress.of(this.word + "@sagamart.example").orElseThrow();
		}

		String password() {
			return this.word + "-demo-password";
		}

	}

	/** Whether somebody may log in to an account of the demo. */
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
			// those of versions before do not say yet that they are the demo's
			this.accounts.markForDemo(account.email(), account.password());
		}
		long left = this.wanted ? 0 : this.accounts.countForDemo();
		if (left > 0) {
			log.warn("Accounts of the demo in the database: {}. Without the profile demo nobody can log in to them.",
					left);
		}
	}

}
