package dev.sagamart.users.user;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.events.UserEvent.UserRegistered;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.security.Role;
import dev.sagamart.users.user.Change.Changed;
import dev.sagamart.users.user.Change.LastAdmin;
import dev.sagamart.users.user.Change.NoSuchUser;
import dev.sagamart.users.user.Change.NotAdmin;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Registers, changes and erases accounts, and publishes the events about it. */
@Service
public class Accounts {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final UUID GREATEST_ID = new UUID(-1, -1);

	private final Users users;

	private final Addresses addresses;

	private final EntityManager entities;

	private final PersonalData personalData;

	private final Passwords passwords;

	private final Outbox outbox;

	private final ApplicationEventPublisher events;

	private final TransactionTemplate transaction;

	private final Clock clock;

	private final boolean secondFactorRequired;

	private final boolean demo;

	Accounts(Users users, Addresses addresses, EntityManager entities, PersonalData personalData, Passwords passwords,
			Outbox outbox, ApplicationEventPublisher events, TransactionTemplate transaction, Clock clock,
			SecondFactorProperties secondFactor, Environment environment) {
		this.users = users;
		this.addresses = addresses;
		this.entities = entities;
		this.personalData = personalData;
		this.passwords = passwords;
		this.outbox = outbox;
		this.events = events;
		this.transaction = transaction;
		this.clock = clock;
		this.secondFactorRequired = secondFactor.required();
		this.demo = DemoAccounts.areWanted(environment);
	}

	/**
	 * Makes an account. The password is hashed before the transaction begins.
	 * @param forDemo whether the account works only in the demo
	 * @return empty if another account has that email address
	 */
	public Optional<User> register(EmailAddress email, String password, String name, Set<Role> roles, boolean forDemo) {
		if (isTaken(email)) {
			return Optional.empty();
		}
		User user = new User(IDS.generate(), email, this.passwords.hash(password), name, roles, forDemo,
				this.clock.instant().truncatedTo(ChronoUnit.MICROS), this.personalData);
		try {
			this.transaction.executeWithoutResult((status) -> {
				this.entities.persist(user);
				this.users.flush();
				this.outbox.append(new UserRegistered(user.id()));
				if (!forDemo) {
					this.events.publishEvent(new AccountRegistered(user));
				}
			});
			return Optional.of(user);
		}
		catch (DuplicateKeyException _) {
			return Optional.empty();
		}
	}

	private boolean isTaken(EmailAddress email) {
		return this.users.existsByEmailKey(this.personalData.fingerprint(email.key()));
	}

	/** Finds a user, also a demo account outside of the demo profile. */
	public Optional<User> find(UUID id) {
		return this.users.find(id);
	}

	/** Finds a user whose account can be used. */
	public Optional<User> findActive(UUID id) {
		return this.users.find(id).filter(this::isActive);
	}

	/**
	 * Finds an active user by address and password. It takes the same time whether there
	 * is such an account or not.
	 */
	public Optional<User> findActive(EmailAddress email, String password) {
		Optional<User> user = find(email).filter(this::isActive);
		return this.passwords.matches(password, user.map(User::passwordHash).orElse(null)) ? user : Optional.empty();
	}

	private Optional<User> find(EmailAddress email) {
		return this.users.findByEmailKey(this.personalData.fingerprint(email.key()));
	}

	/** Marks an account with this password as one that works only in the demo. */
	void markForDemo(EmailAddress email, String password) {
		find(email).filter((user) -> !user.isOfDemo() && this.passwords.matches(password, user.passwordHash()))
			.ifPresent((user) -> this.users.markForDemo(user.id()));
	}

	long countForDemo() {
		return this.users.countByDemoTrueAndErasedAtIsNull();
	}

	private boolean isActive(User user) {
		return this.demo || !user.isOfDemo();
	}

	/**
	 * The current roles of a user: an ADMIN who needs a second factor and has none is a
	 * CUSTOMER.
	 */
	public Set<Role> rolesNow(User user) {
		return this.secondFactorRequired ? user.rolesWithSecondFactorRequired() : user.roles();
	}

	/**
	 * The users whose access tokens were revoked since a time, at most the latest 20,000.
	 */
	public List<Revocation> revocationsSince(Instant since) {
		return this.users.revocationsSince(since);
	}

	/**
	 * Runs work with a locked user, so that nobody changes or erases the user meanwhile.
	 * @return empty, without running the work, if the user was erased or must not log in
	 */
	@Transactional
	public <T> Optional<T> holding(UUID id, Function<User, T> work) {
		return this.users.lock(id).filter(this::isActive).map(work);
	}

	/**
	 * The same, if the user's generation of tokens is still the one that was read with
	 * the password: nothing has ended all sessions since.
	 * @return empty, with nothing done, if another generation has begun
	 */
	@Transactional
	public <T> Optional<T> holding(UUID id, long tokenGeneration, Function<User, T> work) {
		return holding(id, Function.identity()).filter((user) -> user.tokenGeneration() == tokenGeneration).map(work);
	}

	/**
	 * Runs work for an ADMIN, in the transaction that checks whether the caller is one,
	 * so that the caller keeps the role until the work is done.
	 * @return empty, without running the work, if the caller is not an ADMIN
	 */
	@Transactional
	public <T> Optional<T> asAdmin(UUID callerId, Supplier<T> work) {
		return this.users.holdAdmin(callerId).filter(this::isAdminNow).map((_) -> work.get());
	}

	/**
	 * The same with another user, who is locked too. Two ADMINs who do it to each other
	 * at once run one after the other.
	 * @param work gets that user, or nothing if that user does not exist
	 */
	@Transactional
	public <T> Optional<T> asAdmin(UUID callerId, UUID id, Function<Optional<User>, T> work) {
		List<User> locked = this.users.lockAdminsAnd(id);
		return in(locked, callerId).filter(this::isAdminNow).map((_) -> work.apply(in(locked, id)));
	}

	private static Optional<User> in(List<User> users, UUID id) {
		return users.stream().filter((user) -> user.id().equals(id)).findFirst();
	}

	/** Whether a locked user is an ADMIN, with a second factor if one is required. */
	private boolean isAdminNow(User user) {
		return user.isAdmin() && isActive(user)
				&& (!this.secondFactorRequired || this.users.hasSecondFactor(user.id()));
	}

	/** The newest first. */
	public List<User> findPage(@Nullable UUID after, int size) {
		return this.users.findByErasedAtIsNullAndIdLessThanOrderByIdDesc((after != null) ? after : GREATEST_ID,
				Limit.of(size));
	}

	/**
	 * Stores a confirmed address, in a transaction that {@link #holding holds} the user.
	 * Throws {@link DuplicateKeyException} if another account gets it at the same moment.
	 * @return {@code false} if another account has it
	 */
	public boolean confirmEmail(User user, EmailAddress email) {
		if (!email.key().equals(user.email().key()) && isTaken(email)) {
			return false;
		}
		user.confirmEmail(email);
		this.users.flush();
		this.events.publishEvent(new EmailConfirmed(user.id()));
		return true;
	}

	/**
	 * Changes the roles of a user. The caller must be an ADMIN at the moment of the
	 * change: of two ADMINs who remove each other's role at once, the second one fails.
	 */
	@Transactional
	public Change changeRoles(UUID callerId, UUID id, Set<Role> roles) {
		List<User> locked = this.users.lockAdminsAnd(id);
		if (in(locked, callerId).filter(this::isAdminNow).isEmpty()) {
			return new NotAdmin();
		}
		if (!roles.contains(Role.ADMIN) && isLastAdmin(id, locked)) {
			return new LastAdmin();
		}
		return in(locked, id).<Change>map((user) -> {
			user.changeRoles(roles, this.clock.instant());
			return new Changed(user);
		}).orElseGet(NoSuchUser::new);
	}

	@Transactional
	public Change erase(UUID id) {
		// Locks all ADMINs, so that two of them cannot be erased at once and leave none.
		List<User> locked = this.users.lockAdminsAnd(id);
		if (isLastAdmin(id, locked)) {
			return new LastAdmin();
		}
		return in(locked, id).<Change>map((user) -> {
			AccountErased erased = new AccountErased(user, user.email());
			user.erase(this.clock.instant());
			this.addresses.removeAll(id);
			this.users.forgetPreferences(id);
			this.events.publishEvent(erased);
			this.outbox.append(new UserErased(id));
			return new Changed(user);
		}).orElseGet(NoSuchUser::new);
	}

	/** Whether a user is the only active ADMIN. */
	private boolean isLastAdmin(UUID id, List<User> locked) {
		List<UUID> admins = locked.stream().filter(User::isAdmin).filter(this::isActive).map(User::id).toList();
		return admins.equals(List.of(id));
	}

}
