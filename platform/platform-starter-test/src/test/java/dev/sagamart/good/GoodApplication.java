package dev.sagamart.good;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service that follows the rules. */
@SpringBootApplication
public class GoodApplication {

}
