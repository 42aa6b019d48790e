package dev.sagamart.gateway.overload;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AdmissionTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Admission admission = admission(Duration.ofSeconds(10));

	private Admission admission(Duration slow) {
		return new Admission(new OverloadProperties(5, 10, 20, slow, 80), this.meters);
	}

	private static List<Admission.Place> take(Admission admission, int count) {
		return Stream.generate(() -> admission.place()).limit(count).filter((place) -> place.take(false)).toList();
	}

	@Test
	void admitsAsManyAsTheLimit() {
		assertThat(take(this.admission, 15)).hasSize(10);
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(10);
		assertThat(this.meters.get("sagamart.gateway.overload.shed").tag("kind", "other").counter().count())
			.isEqualTo(5);
	}

	@Test
	void shedsAnonymousReadsFirst() {
		assertThat(take(this.admission, 8)).hasSize(8);
		assertThat(this.admission.place().take(true)).isFalse();
		assertThat(this.admission.place().take(false)).isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.shed").tag("kind", "anonymous-read").counter().count())
			.isEqualTo(1);
	}

	@Test
	void takesAPlaceOfTheReserveBackFromWhoTurnsOutToBeAnonymous() {
		Admission.Place early = this.admission.place();
		assertThat(early.take(false)).isTrue();
		assertThat(take(this.admission, 7)).hasSize(7);
		Admission.Place late = this.admission.place();
		assertThat(late.take(false)).isTrue();
		assertThat(late.take(true)).isFalse();
		assertThat(early.take(true)).as("was none of the reserve").isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(8);
	}

	@Test
	void freesAPlaceOnce() {
		Admission.Place place = this.admission.place();
		assertThat(place.take(false)).isTrue();
		assertThat(place.take(false)).as("it has it already").isTrue();
		place.leave();
		place.leave();
		place.answered();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isZero();
		assertThat(place.take(false)).isTrue();
		assertThat(this.meters.get("sagamart.gateway.overload.waiting").gauge().value()).isEqualTo(1);
	}

	@Test
	void growsWithQuickAnswersWhileItIsUsed() {
		for (int i = 0; i < 20; i++) {
			take(this.admission, 10).forEach(Admission.Place::answered);
		}
		assertThat(this.admission.limit()).isEqualTo(20);
	}

	@Test
	void doesNotGrowWhileItIsNotUsed() {
		IntStream.range(0, 100).forEach((i) -> take(this.admission, 2).forEach(Admission.Place::answered));
		assertThat(this.admission.limit()).isEqualTo(10);
	}

	@Test
	void shrinksWithSlowAnswersAndTimeouts() {
		Admission impatient = admission(Duration.ofMillis(1));
		List<Admission.Place> places = take(impatient, 10);
		await().pollDelay(Duration.ofMillis(10)).until(() -> true);
		places.getFirst().answered();
		assertThat(impatient.limit()).isEqualTo(9);
		places.forEach(Admission.Place::failed);
		assertThat(impatient.limit()).isEqualTo(5);
	}

	@Test
	void learnsNothingFromQuickFailuresAndClientsThatLeave() {
		take(this.admission, 10).forEach(Admission.Place::failed);
		take(this.admission, 10).forEach(Admission.Place::leave);
		assertThat(this.admission.limit()).isEqualTo(10);
	}

}
