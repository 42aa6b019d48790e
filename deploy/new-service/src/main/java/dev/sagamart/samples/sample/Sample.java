package dev.sagamart.samples.sample;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A text that a user has written. */
@Entity
@Table(name = "sample")
public class Sample {

	@Id
	private UUID id;

	private UUID ownerId;

	private String text;

	private Instant writtenAt;

	@Version
	private @Nullable Long version;

	protected Sample() {
	}

	Sample(UUID id, UUID ownerId, String text, Instant writtenAt) {
		this.id = id;
		this.ownerId = ownerId;
		this.text = text;
		this.writtenAt = writtenAt;
	}

	void rewrite(String text) {
		this.text = text;
	}

	public UUID id() {
		return this.id;
	}

	public UUID ownerId() {
		return this.ownerId;
	}

	public String text() {
		return this.text;
	}

	public Instant writtenAt() {
		return this.writtenAt;
	}

}
