package dev.sagamart.platform.test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ArchitectureRulesTests {

	private static final JavaClasses BAD = new ClassFileImporter().importPackages("dev.sagamart.bad",
			"dev.sagamart.platform.planted");

	private static final JavaClasses GOOD = new ClassFileImporter().importPackages("dev.sagamart.good");

	static Stream<Arguments> rules() {
		return Stream.of(
				arguments("NO_PACKAGES_WITHOUT_A_SUBJECT", ArchitectureRules.NO_PACKAGES_WITHOUT_A_SUBJECT,
						"util.Texts"),
				arguments("NO_IMPL", ArchitectureRules.NO_IMPL, "OrdersImpl"),
				arguments("WEB_IS_AN_ADAPTER", ArchitectureRules.WEB_IS_AN_ADAPTER, "PlaceOrderRequest"),
				arguments("MESSAGING_IS_AN_ADAPTER", ArchitectureRules.MESSAGING_IS_AN_ADAPTER, "Listener"),
				arguments("HTTP_ONLY_IN_WEB", ArchitectureRules.HTTP_ONLY_IN_WEB, "HttpStatus"),
				arguments("KAFKA_ONLY_IN_MESSAGING", ArchitectureRules.KAFKA_ONLY_IN_MESSAGING, "TopicPartition"),
				arguments("CONTROLLERS_IN_WEB", ArchitectureRules.CONTROLLERS_IN_WEB, "OrderController"),
				arguments("ACCESS_IS_DECLARED_AT_CONTROLLERS", ArchitectureRules.ACCESS_IS_DECLARED_AT_CONTROLLERS,
						"OrdersImpl"),
				arguments("NO_OTHER_ACCESS_ANNOTATIONS", ArchitectureRules.NO_OTHER_ACCESS_ANNOTATIONS,
						"OrderController"),
				arguments("REPOSITORIES_STAY_IN_THEIR_FEATURE", ArchitectureRules.REPOSITORIES_STAY_IN_THEIR_FEATURE,
						"stock.Items"),
				arguments("REQUESTS_AND_RESPONSES_ARE_RECORDS", ArchitectureRules.REQUESTS_AND_RESPONSES_ARE_RECORDS,
						"PlaceOrderRequest"),
				arguments("NO_FIELD_INJECTION", ArchitectureRules.NO_FIELD_INJECTION, "OrdersImpl.name> is injected"),
				arguments("NO_SLEEP", ArchitectureRules.NO_SLEEP, "Thread.sleep"),
				arguments("NO_STANDARD_STREAMS", ArchitectureRules.NO_STANDARD_STREAMS, "System.out"),
				arguments("NO_JAVA_UTIL_LOGGING", ArchitectureRules.NO_JAVA_UTIL_LOGGING, "LOG"),
				arguments("PLATFORM_KNOWS_NO_SERVICE", ArchitectureRules.PLATFORM_KNOWS_NO_SERVICE,
						"good.order.Orders"),
				arguments("NULL_MARKED", ArchitectureRules.NULL_MARKED, "util.Texts> is not in a @NullMarked package"),
				arguments("PUBLIC_ONLY_WHEN_NEEDED", ArchitectureRules.PUBLIC_ONLY_WHEN_NEEDED,
						"util.Texts> is public"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void everyRuleFindsItsBadExample(String name, ArchRule rule, String finding) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> ArchitectureRules.check(List.of(rule), BAD))
			.withMessageContaining(finding);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void noRuleFindsAViolationInTheGoodExample(String name, ArchRule rule, String finding) {
		assertThatCode(() -> ArchitectureRules.check(List.of(rule), GOOD)).doesNotThrowAnyException();
	}

	@Test
	void checksAServiceByItsRootPackage() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ArchitectureRules.check("dev.sagamart.platform.messages"))
			.withMessageContaining("MessageTypes> is public, but not used outside of its package");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ArchitectureRules.checkEdge("dev.sagamart.platform.messages"))
			.withMessageContaining("MessageTypes> is public");
	}

	@Test
	void rejectsAPackageWithoutClasses() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ArchitectureRules.check("dev.sagamart.nowhere"))
			.withMessageContaining("no classes in dev.sagamart.nowhere");
	}

}
