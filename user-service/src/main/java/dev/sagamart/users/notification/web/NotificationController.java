package dev.sagamart.users.notification.web;

import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.users.notification.Notification;
import dev.sagamart.users.notification.Notifications;
import java.util.List;
import java.util.function.Function;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/users/me/notifications")
@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
class NotificationController {

	private final Notifications notifications;

	NotificationController(Notifications notifications) {
		this.notifications = notifications;
	}

	@GetMapping
	Page<Notification> list(Caller caller, PageQuery query) {
		return Page.of(this.notifications.page(caller.userId(), query.afterId(), query.fetchSize()), query,
				Function.identity(), (notification) -> List.of(notification.id().toString()));
	}

}
