package dev.sagamart.samples.sample;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

public interface Samples extends Repository<Sample, UUID> {

	Optional<Sample> findById(UUID id);

	/**
	 * A page of samples, the newest first.
	 * @param owner their owner, or {@code null} for all owners
	 * @param after the last sample of the page before
	 */
	@Query("""
			select s from Sample s where (:owner is null or s.ownerId = :owner) and (:after is null or s.id < :after)
			order by s.id desc""")
	List<Sample> findPage(@Nullable UUID owner, @Nullable UUID after, Limit limit);

	/** Locks a sample until the transaction ends. */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select s from Sample s where s.id = :id")
	Optional<Sample> lock(UUID id);

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select s from Sample s where s.ownerId in :owners order by s.id")
	List<Sample> lockOf(Collection<UUID> owners);

	Sample save(Sample sample);

	void deleteAll(Iterable<? extends Sample> samples);

}
