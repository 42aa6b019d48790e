package dev.sagamart.platform.test;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.domain.properties.HasSourceCodeLocation;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.metaAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The architecture rules of all services. Each service calls {@link #check} in a test.
 */
public final class ArchitectureRules {

	private static final String REPOSITORY = "org.springframework.data.repository.Repository";

	private static final Set<String> INJECTION = Set.of("org.springframework.beans.factory.annotation.Autowired",
			"org.springframework.beans.factory.annotation.Value", "jakarta.inject.Inject",
			"jakarta.annotation.Resource", "jakarta.persistence.PersistenceContext");

	private static final DescribedPredicate<JavaClass> HTTP = DescribedPredicate.describe("types of HTTP", (type) -> {
		String name = type.getName();
		return name.startsWith("jakarta.servlet.") || name.startsWith("org.springframework.web.bind.annotation.")
				|| Set
					.of("org.springframework.http.HttpStatus", "org.springframework.http.HttpStatusCode",
							"org.springframework.http.ResponseEntity", "org.springframework.http.ProblemDetail",
							"org.springframework.web.ErrorResponseException",
							"org.springframework.web.server.ResponseStatusException",
							"dev.sagamart.platform.problem.ProblemException")
					.contains(name);
	});

	private static final DescribedPredicate<CanBeAnnotated> CONTROLLER = metaAnnotatedWith(
			"org.springframework.stereotype.Controller")
		.as("controllers");

	private static final DescribedPredicate<CanBeAnnotated> APPLICATION = metaAnnotatedWith(
			"org.springframework.boot.autoconfigure.SpringBootApplication")
		.as("the application");

	static final ArchRule NO_PACKAGES_WITHOUT_A_SUBJECT = noClasses().should()
		.resideInAnyPackage("..util..", "..utils..", "..common..", "..commons..", "..helper..", "..helpers..",
				"..constants..")
		.because("packages are named after what they are about");

	static final ArchRule NO_IMPL = noClasses().should()
		.haveSimpleNameEndingWith("Impl")
		.because("an interface with a single implementation is unnecessary");

	static final ArchRule WEB_IS_AN_ADAPTER = adapter("web").because("the domain must not depend on its web adapters");

	static final ArchRule MESSAGING_IS_AN_ADAPTER = adapter("messaging")
		.because("the domain must not depend on its messaging adapters");

	static final ArchRule HTTP_ONLY_IN_WEB = noClasses().that()
		.resideOutsideOfPackage("..web..")
		.should()
		.dependOnClassesThat(HTTP)
		.because("the domain returns refusals as values, and the web adapters map them to a status");

	static final ArchRule KAFKA_ONLY_IN_MESSAGING = noClasses().that()
		.resideOutsideOfPackage("..messaging..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
		.because("other code sends messages through the outbox");

	static final ArchRule CONTROLLERS_IN_WEB = classes().that(CONTROLLER)
		.should()
		.resideInAPackage("..web..")
		.andShould()
		.notBePublic();

	static final ArchRule ACCESS_IS_DECLARED_AT_CONTROLLERS = noClasses().that(DescribedPredicate.not(CONTROLLER))
		.should()
		.dependOnClassesThat()
		.haveNameMatching("org\\.springframework\\.security\\.access\\.annotation\\.Secured"
				+ "|jakarta\\.annotation\\.security\\.PermitAll")
		.because("these annotations have no effect elsewhere");

	static final ArchRule NO_OTHER_ACCESS_ANNOTATIONS = noClasses().should()
		.dependOnClassesThat()
		.haveNameMatching("org\\.springframework\\.security\\.access\\.prepost\\..*"
				+ "|jakarta\\.annotation\\.security\\.(RolesAllowed|DenyAll)")
		.because("only @Secured and @PermitAll are enforced");

	static final ArchRule REPOSITORIES_STAY_IN_THEIR_FEATURE = classes().that()
		.resideInAPackage("..web..")
		.should(useOnlyRepositoriesOfTheirFeature());

	static final ArchRule REQUESTS_AND_RESPONSES_ARE_RECORDS = classes().that()
		.resideInAPackage("..web..")
		.and()
		.haveNameMatching(".*(Request|Response)")
		.should()
		.beRecords();

	static final ArchRule NO_FIELD_INJECTION = fields().that()
		.areNotStatic()
		.should(be("not injected", "is injected",
				(JavaField field) -> INJECTION.stream().noneMatch(field::isAnnotatedWith)))
		.because("constructors show the dependencies of a class");

	static final ArchRule NO_SLEEP = noClasses().should()
		.callMethodWhere(DescribedPredicate.describe("it is Thread.sleep",
				(call) -> call.getTargetOwner().isEquivalentTo(Thread.class) && call.getName().equals("sleep")))
		.because("code must wait for a condition, not for a time");

	static final ArchRule NO_STANDARD_STREAMS = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

	static final ArchRule NO_JAVA_UTIL_LOGGING = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

	static final ArchRule NO_LOMBOK = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("lombok..")
		.because("records and plain Java are enough");

	static final ArchRule NULL_MARKED = classes()
		.should(be("in a @NullMarked package", "is not in a @NullMarked package",
				(JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class)))
		.because("NullAway checks only such packages");

	static final ArchRule PUBLIC_ONLY_WHEN_NEEDED = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.and(DescribedPredicate.not(APPLICATION))
		.should(be("used in another package", "is public, but not used outside of its package",
				ArchitectureRules::isUsedInAnotherPackage))
		.because("types without users in other packages must be package-private");

	/** Tests start the servers of the launcher, so the platform may depend on it. */
	static final ArchRule PLATFORM_KNOWS_NO_SERVICE = noClasses().that()
		.resideInAPackage("dev.sagamart.platform..")
		.should()
		.dependOnClassesThat(resideInAPackage("dev.sagamart..")
			.and(DescribedPredicate.not(resideInAnyPackage("dev.sagamart.platform..", "dev.sagamart.local.."))))
		.because("the platform must not depend on services");

	private static final List<ArchRule> EVERYWHERE = List.of(NO_PACKAGES_WITHOUT_A_SUBJECT, NO_IMPL, NO_FIELD_INJECTION,
			NO_SLEEP, NO_STANDARD_STREAMS, NO_JAVA_UTIL_LOGGING, NO_LOMBOK, NULL_MARKED, PUBLIC_ONLY_WHEN_NEEDED);

	private static final List<ArchRule> IN_A_SERVICE = List.of(WEB_IS_AN_ADAPTER, MESSAGING_IS_AN_ADAPTER,
			HTTP_ONLY_IN_WEB, KAFKA_ONLY_IN_MESSAGING, CONTROLLERS_IN_WEB, ACCESS_IS_DECLARED_AT_CONTROLLERS,
			NO_OTHER_ACCESS_ANNOTATIONS, REPOSITORIES_STAY_IN_THEIR_FEATURE, REQUESTS_AND_RESPONSES_ARE_RECORDS);

	private ArchitectureRules() {
	}

	/**
	 * Checks all rules for a service.
	 * @param rootPackage the package of its application class
	 * @throws AssertionError with every violation of every rule
	 */
	public static void check(String rootPackage) {
		List<ArchRule> rules = new ArrayList<>(EVERYWHERE);
		rules.addAll(IN_A_SERVICE);
		check(rules, imported(rootPackage));
	}

	/** Checks the gateway, which has no domain and so no adapters. */
	public static void checkEdge(String rootPackage) {
		check(EVERYWHERE, imported(rootPackage));
	}

	/** Checks the platform modules on the class path. */
	public static void checkPlatform() {
		check(List.of(PLATFORM_KNOWS_NO_SERVICE, NO_PACKAGES_WITHOUT_A_SUBJECT, NO_IMPL, NO_FIELD_INJECTION,
				NO_STANDARD_STREAMS, NO_JAVA_UTIL_LOGGING, NO_LOMBOK, NULL_MARKED), imported("dev.sagamart.platform"));
	}

	static void check(List<ArchRule> rules, JavaClasses classes) {
		String violations = rules.stream()
			.map((rule) -> rule.allowEmptyShould(true).evaluate(classes))
			.filter(EvaluationResult::hasViolation)
			.map((result) -> result.getFailureReport().toString())
			.collect(Collectors.joining("\n"));
		if (!violations.isEmpty()) {
			throw new AssertionError(violations);
		}
	}

	private static JavaClasses imported(String rootPackage) {
		JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages(rootPackage);
		if (classes.isEmpty()) {
			throw new AssertionError("There are no classes in " + rootPackage);
		}
		return classes;
	}

	private static ArchRule adapter(String name) {
		return noClasses().that()
			.resideOutsideOfPackage(".." + name + "..")
			.should()
			.dependOnClassesThat(resideInAPackage("dev.sagamart.." + name + "..")
				.and(DescribedPredicate.not(resideInAPackage("dev.sagamart.platform.."))));
	}

	private static boolean isUsedInAnotherPackage(JavaClass type) {
		return type.isAnnotatedWith(NullMarked.class) || Stream
			.concat(Stream.concat(Stream.of(type), nested(type))
				.flatMap((member) -> member.getDirectDependenciesToSelf().stream())
				.map(Dependency::getOriginClass), catchers(type))
			.anyMatch((user) -> !user.getPackageName().equals(type.getPackageName()));
	}

	/** The classes that only catch the exception, which is no dependency for ArchUnit. */
	private static Stream<JavaClass> catchers(JavaClass type) {
		JavaPackage root = type.getPackage();
		while (root.getParent().isPresent()) {
			root = root.getParent().get();
		}
		return root.getClassesInPackageTree()
			.stream()
			.filter((user) -> user.getCodeUnits()
				.stream()
				.flatMap((unit) -> unit.getTryCatchBlocks().stream())
				.anyMatch((block) -> block.getCaughtThrowables().contains(type)));
	}

	private static Stream<JavaClass> nested(JavaClass type) {
		return type.getPackage()
			.getClasses()
			.stream()
			.filter((member) -> member.getName().startsWith(type.getName() + "$"));
	}

	private static ArchCondition<JavaClass> useOnlyRepositoriesOfTheirFeature() {
		return new ArchCondition<>("use only the repositories of their feature") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				String feature = type.getPackageName().replaceAll("\\.web(\\..*)?$", "");
				type.getDirectDependenciesFromSelf()
					.stream()
					.filter((dependency) -> dependency.getTargetClass().isAssignableTo(REPOSITORY))
					.filter((dependency) -> !dependency.getTargetClass().getPackageName().equals(feature))
					.forEach((dependency) -> events
						.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
			}

		};
	}

	/** A condition that reports each violating element with a description. */
	private static <T extends HasDescription & HasSourceCodeLocation> ArchCondition<T> be(String description,
			String otherwise, Predicate<T> so) {
		return ArchCondition.from(DescribedPredicate.describe(description, so))
			.describeEventsBy((_, satisfied) -> satisfied ? description : otherwise);
	}

}
