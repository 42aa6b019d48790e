package dev.sagamart.orders.erasure.messaging;

import static org.mockito.Mockito.verify;

import dev.sagamart.events.Topics;
import dev.sagamart.orders.erasure.ErasedUsers;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** What orders read of accounts: who is to be forgotten. */
class UserEventContractTests {

	private static final UUID USER = UUID.fromString("0199f0a0-0000-7000-8000-000000000002");

	private static final ConsumerContract CONTRACT = new ConsumerContract("order-service.erasure", "user-service")
		.reads(Topics.USER_EVENTS, "user.erased.v1", (event) -> event.uuid("userId", USER));

	private final ErasedUsers erasedUsers = Mockito.mock();

	private final Subscription subscription = new ErasureSubscription().userEvents(this.erasedUsers);

	@Test
	void takesWhoIsErased() {
		this.subscription.handle(List.of(this.subscription.read(CONTRACT.example("user.erased.v1"))));
		verify(this.erasedUsers).add(List.of(USER));
	}

	@Test
	void isCommitted() {
		CONTRACT.requireCommitted();
	}

}
