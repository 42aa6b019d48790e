package dev.sagamart.users.user.web;

import dev.sagamart.platform.security.Role;
import dev.sagamart.users.user.User;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

public record UserView(UUID id, String email, String name, List<Role> roles, Instant createdAt) {

	public static UserView from(User user) {
		return new UserView(user.id(), user.email().text(), user.name(), user.roles().stream().sorted().toList(),
				user.createdAt());
	}

}
