package dev.sagamart.platform.security;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallerTests {

	private final UUID user = UUID.randomUUID();

	@Test
	void aCustomerSeesWhatIsTheirs() {
		Caller caller = new Caller(this.user, Set.of(Role.CUSTOMER));
		assertThat(caller.maySee(this.user)).isTrue();
		assertThat(caller.maySee(UUID.randomUUID())).isFalse();
	}

	@Test
	void anAdministratorSeesWhatIsAnybodys() {
		assertThat(new Caller(this.user, Set.of(Role.ADMIN)).maySee(UUID.randomUUID())).isTrue();
	}

}
