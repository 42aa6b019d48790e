package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** Barman Cloud plug-in: the storage of backups. */
public record ObjectStore(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) ObjectMeta metadata, @JsonProperty(required = true) Spec spec) {

	record Spec(String retentionPolicy, @JsonProperty(required = true) Configuration configuration) {
	}

	record Configuration(@JsonProperty(required = true) String destinationPath,
			@JsonProperty(required = true) S3Credentials s3Credentials, Compressed wal, Compressed data) {
	}

	record S3Credentials(@JsonProperty(required = true) KeyRef accessKeyId,
			@JsonProperty(required = true) KeyRef secretAccessKey) {
	}

	record KeyRef(@JsonProperty(required = true) String name, @JsonProperty(required = true) String key) {
	}

	record Compressed(Compression compression) {
	}

	enum Compression {

		bzip2, gzip, snappy

	}

}
