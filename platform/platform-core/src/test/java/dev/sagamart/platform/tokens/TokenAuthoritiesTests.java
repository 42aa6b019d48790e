package dev.sagamart.platform.tokens;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;

class TokenAuthoritiesTests {

	private static final String USER = UUID.randomUUID().toString();

	private final TokenAuthorities orders = new TokenAuthorities("orders");

	@Test
	void givesDirectlyLoggedInUsersAllTheirRoles() {
		assertThat(names(this.orders.convert(token(USER, null, null, "CUSTOMER", "ADMIN"))))
			.containsExactlyInAnyOrder("USER", "ROLE_CUSTOMER", "ROLE_ADMIN");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			orders                 | USER ROLE_CUSTOMER SCOPE_orders
			orders admin           | USER ROLE_CUSTOMER ROLE_ADMIN SCOPE_orders SCOPE_admin
			admin                  | SCOPE_admin
			openid profile         | SCOPE_openid SCOPE_profile
			payments               | SCOPE_payments
			ORDERS                 | SCOPE_ORDERS
			orders.read            | SCOPE_orders.read
			                       | ''
			""")
	void limitsClientsToTheirScopes(@Nullable String scopes, String authorities) {
		assertThat(names(this.orders.convert(token(USER, "a-client", scopes, "CUSTOMER", "ADMIN"))))
			.containsExactlyInAnyOrderElementsOf(
					List.of(authorities.split(" ")).stream().filter((name) -> !name.isEmpty()).toList());
	}

	@Test
	void needsNoScopeIfNoneIsConfigured() {
		TokenAuthorities edge = new TokenAuthorities(null);
		assertThat(names(edge.convert(token(USER, "a-client", "payments", "CUSTOMER", "ADMIN"))))
			.containsExactlyInAnyOrder("USER", "ROLE_CUSTOMER", "SCOPE_payments");
	}

	@ParameterizedTest
	@CsvSource({ "order-service", "00000000-0000-0000-0000-00000000000x", "not-a-user-but-as-long-as-their-id-is" })
	void findsNoUserInOtherSubjects(String subject) {
		Jwt token = token(subject, null, "orders admin", "ADMIN");
		assertThat(names(this.orders.convert(token))).containsExactlyInAnyOrder("SCOPE_orders", "SCOPE_admin");
		assertThat(TokenAuthorities.userOf(token)).isEmpty();
	}

	@Test
	void readsTheUserAndTheRoles() {
		assertThat(TokenAuthorities.userOf(token(USER, null, null))).hasValue(UUID.fromString(USER));
		assertThat(TokenAuthorities.rolesOf(token(USER, null, null))).isEmpty();
		assertThat(TokenAuthorities.rolesOf(token(USER, null, null, "ADMIN"))).containsExactly("ADMIN");
	}

	private static List<String> names(Collection<GrantedAuthority> authorities) {
		return authorities.stream().map(GrantedAuthority::getAuthority).toList();
	}

	private static Jwt token(String subject, @Nullable String client, @Nullable String scopes, String... roles) {
		return Jwt.withTokenValue("token").header("alg", "none").subject(subject).claims((claims) -> {
			if (client != null) {
				claims.put("client_id", client);
			}
			if (scopes != null) {
				claims.put("scope", scopes);
			}
			if (roles.length > 0) {
				claims.put("roles", List.of(roles));
			}
		}).build();
	}

}
