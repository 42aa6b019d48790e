package dev.sagamart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.kubernetes.MessagingRules.NamedTopic;
import dev.sagamart.local.Declaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagingRulesTests {

	@Test
	void theDeclarationMatchesTheCode() {
		assertThat(findings(Declaration.current())).isEmpty();
	}

	@Test
	void aWrongDeclarationIsFound() {
		Map<String, Declaration.Service> services = new LinkedHashMap<>(Declaration.current().services());
		services.put("product-service", services.get("order-service"));
		Declaration wrong = new Declaration(Declaration.current().edge(), Declaration.current().identity(), services,
				Declaration.current().standIns(), Map.of(), Declaration.current().secrets());
		assertThat(findings(wrong)).containsExactly(
				"product-service sends [product.events, stock.events] in the code, but [order.events, "
						+ "payment.commands, stock.commands] in platform.yml",
				"product-service receives {product-service=[order.events, stock.commands]} in the code, but "
						+ "{order-service=[payment.events, stock.events], order-service.erasure=[user.events], "
						+ "order-service.pricing=[product.events]} in platform.yml",
				"product-service observes [product.events] in the code, but [] in platform.yml",
				"compacted [product.events] in the code, but [] in platform.yml");
	}

	@Test
	void readsTheTopicOfAServicesOwnMessageFromItsSource() {
		assertThat(MessagingRules.topic("@Topic(\"review.events\")\npublic sealed interface ReviewEvent {}"))
			.isEqualTo(new NamedTopic("review.events", 0, false));
		assertThat(MessagingRules.topic("@Topic(value = \"a.b\", compacted = true, partitions = 3)\ninterface A {}"))
			.isEqualTo(new NamedTopic("a.b", 3, true));
	}

	private static List<String> findings(Declaration declaration) {
		List<String> findings = new ArrayList<>();
		MessagingRules.check(declaration, findings::add);
		return findings;
	}

}
