package dev.sagamart.platform.messaging;

import dev.sagamart.platform.test.PlatformTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test of the service of parcels, which encrypts. All these tests share its context.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@PlatformTest(classes = MessagingApplication.class,
		properties = { "spring.application.name=parcel-service", "sagamart.schema=parcels",
				"spring.flyway.locations=classpath:db/messaging-tests",
				"sagamart.encryption.master-key=dGVzdHMgb25seSwgMzIgYnl0ZXMsIG5vdCBhIHNlY3I=",
				"logging.structured.format.console=" })
@interface ParcelServiceTest {

}
