package dev.sagamart.platform.sample;

import dev.sagamart.platform.test.PlatformTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** All tests with this annotation share one running sample service. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@PlatformTest(classes = SampleService.class,
		properties = { "spring.application.name=sample-service", "sagamart.schema=payments",
				"spring.flyway.locations=classpath:db/sample",
				"sagamart.encryption.master-key=dGVzdHMgb25seSwgMzIgYnl0ZXMsIG5vdCBhIHNlY3I=" })
public @interface SampleTest {

}
