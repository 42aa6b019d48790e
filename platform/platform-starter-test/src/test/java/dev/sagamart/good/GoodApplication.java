package dev.sagamart.good;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service that keeps the rules. */
@SpringBootApplication
public class GoodApplication {

}
