package dev.sagamart.platform.sample;

import dev.sagamart.platform.security.AccessRules;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;

@SpringBootApplication
public class SampleService {

	@Bean
	AccessRules accessRules() {
		return (requests) -> requests.requestMatchers("/open/**")
			.permitAll()
			.requestMatchers(HttpMethod.GET, "/admin/**")
			.hasRole("ADMIN");
	}

}
