package dev.sagamart.products.catalogue.grpc;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.security.AuthenticationProcessInterceptor;
import org.springframework.grpc.server.security.GrpcSecurity;
import org.springframework.security.config.Customizer;

/**
 * Who may call what over gRPC: prices are for services that user-service lets read the
 * catalogue, health is for anyone, and what no rule names is refused.
 */
@Configuration(proxyBeanMethods = false)
class GrpcAccess {

	@Bean
	@GlobalServerInterceptor
	AuthenticationProcessInterceptor grpcAccessRules(GrpcSecurity grpc) throws Exception {
		return grpc
			.authorizeRequests((requests) -> requests.methods("sagamart.catalogue.v1.Catalogue/GetPrices")
				.hasAuthority("SCOPE_catalogue.read")
				.methods("grpc.health.v1.Health/*")
				.permitAll()
				.allRequests()
				.denyAll())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

}
