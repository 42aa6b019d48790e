package dev.sagamart.products.catalogue.grpc;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.security.AuthenticationProcessInterceptor;
import org.springframework.grpc.server.security.GrpcSecurity;
import org.springframework.security.config.Customizer;

/**
 * The access rules of the gRPC API. Prices require the scope {@code catalogue.read},
 * which user-service grants to services. Anyone may check the health. All other calls are
 * refused.
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
