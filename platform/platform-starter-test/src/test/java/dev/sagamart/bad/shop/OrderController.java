package dev.sagamart.bad.shop;

import org.springframework.web.bind.annotation.RestController;

/** A controller where none belongs. */
@RestController
class OrderController {

}
