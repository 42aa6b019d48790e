package dev.sagamart.platform.security;

import dev.sagamart.platform.tokens.TokenAuthorities;
import jakarta.annotation.security.PermitAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.method.HandlerMethod;

import static org.assertj.core.api.Assertions.assertThat;

class AccessTests {

	@ParameterizedTest
	@CsvSource({ "plain, false, USER", "open, true,", "admin, false, ROLE_ADMIN" })
	void isDeclaredAtTheMethod(String method, boolean anyone, String authority) throws Exception {
		check(Access.to(new HandlerMethod(new Plain(), method)), anyone, authority);
	}

	@ParameterizedTest
	@CsvSource({ "plain, false, ROLE_ADMIN", "open, true,", "user, false, USER" })
	void isDeclaredAtTheClassOtherwise(String method, boolean anyone, String authority) throws Exception {
		check(Access.to(new HandlerMethod(new AdminsOnly(), method)), anyone, authority);
	}

	private static void check(Access access, boolean anyone, String authority) {
		assertThat(access.anyone()).isEqualTo(anyone);
		if (anyone) {
			assertThat(access.authorities()).isEmpty();
		}
		else {
			assertThat(access.authorities()).containsExactly(authority);
		}
	}

	static class Plain {

		public void plain() {
		}

		@PermitAll
		public void open() {
		}

		@Secured("ROLE_ADMIN")
		public void admin() {
		}

	}

	@Secured("ROLE_ADMIN")
	static class AdminsOnly {

		public void plain() {
		}

		@PermitAll
		public void open() {
		}

		@Secured(TokenAuthorities.USER)
		public void user() {
		}

	}

}
