package dev.sagamart.users.user;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether a second factor is required.
 *
 * @param required whether an ADMIN without one is a CUSTOMER, until they have one
 */
@ConfigurationProperties("sagamart.second-factor")
record SecondFactorProperties(@DefaultValue("true") boolean required) {
}
