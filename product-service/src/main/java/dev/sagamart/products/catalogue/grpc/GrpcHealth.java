package dev.sagamart.products.catalogue.grpc;

import io.grpc.BindableService;
import io.grpc.protobuf.services.HealthStatusManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The standard health service: serving as long as the server is there. */
@Configuration(proxyBeanMethods = false)
class GrpcHealth {

	@Bean(destroyMethod = "enterTerminalState")
	HealthStatusManager grpcHealthStatus() {
		return new HealthStatusManager();
	}

	@Bean
	BindableService grpcHealthService(HealthStatusManager health) {
		return health.getHealthService();
	}

}
