package dev.sagamart.local;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PlatformPortsTests {

	@ParameterizedTest
	@CsvSource({ "postgres, 15432", "kafka, 19092", "redis, 16379", "payment-simulator, 18090", "api-gateway, 8080",
			"api-gateway-management, 9080", "user-service, 8081", "product-service-grpc, 7082",
			"order-service-management, 9083", "payment-service, 8084" })
	void areTheDocumentedOnes(String name, int port) {
		assertThat(PlatformPorts.defaults().of(name)).isEqualTo(port);
	}

	@Test
	void randomOnesDiffer() {
		PlatformPorts ports = PlatformPorts.random();
		assertThat(ports.all().values()).hasSizeGreaterThan(10).doesNotHaveDuplicates();
		assertThat(ports.all()).isNotEqualTo(PlatformPorts.defaults().all());
	}

	@Test
	void areTakenFromTheEnvironment() {
		PlatformPorts ports = PlatformPorts.defaults()
			.with(Map.of("SAGAMART_PORT_ORDER_SERVICE_MANAGEMENT", "19083", "SAGAMART_PORT_KAFKA", " "));
		assertThat(ports.of("order-service-management")).isEqualTo(19083);
		assertThat(ports.of(PartName.KAFKA)).isEqualTo(19092);
	}

	@Test
	void rejectAnUnknownName() {
		assertThatExceptionOfType(PartFailedException.class).isThrownBy(() -> PlatformPorts.defaults().with("mysql", 1))
			.withMessageContaining("no port called mysql")
			.withMessageContaining("product-service-grpc");
		assertThatIllegalArgumentException().isThrownBy(() -> PlatformPorts.defaults().of("mysql"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "65536", "-1", "many" })
	void rejectAnInvalidNumber(String number) {
		assertThatExceptionOfType(PartFailedException.class)
			.isThrownBy(() -> PlatformPorts.defaults().with(Map.of("SAGAMART_PORT_REDIS", number)))
			.withMessageContaining(number);
	}

}
