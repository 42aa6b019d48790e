package dev.sagamart.bad.shop;

import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.RestController;

/** A controller where none belongs. */
@RestController
@PreAuthorize("permitAll")
class OrderController {

}
