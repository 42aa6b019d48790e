package dev.sagamart.bad.shop;

import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.RestController;

/** A controller outside of a web package. */
@RestController
@PreAuthorize("permitAll")
class OrderController {

}
