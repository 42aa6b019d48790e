package dev.sagamart.platform.encryption;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Makes the next data key when it is due, and encrypts anew what older ones have
 * encrypted, in short statements in the order of the keys: once for each column and data
 * key, and only when every instance has read that key and encrypts with it. Instances may
 * do so at once; what one has changed, the other leaves as it is.
 */
class DataKeyRotation {

	private static final Logger logger = LoggerFactory.getLogger(DataKeyRotation.class);

	private static final int STEP = 500;

	private static final List<EncryptedColumn> DEAD_LETTERS = Stream.of("payload", "fixed_payload")
		.map((column) -> new EncryptedColumn("dead_letter", "id", "encrypted_" + column, "'payload of ' || id", column,
				column + " = null"))
		.toList();

	private final JdbcTemplate jdbc;

	private final PersonalData personalData;

	private final EncryptionProperties properties;

	DataKeyRotation(JdbcTemplate jdbc, PersonalData personalData, EncryptionProperties properties) {
		this.jdbc = jdbc;
		this.personalData = personalData;
		this.properties = properties;
	}

	@Scheduled(initialDelayString = "${sagamart.encryption.read-interval:PT1H}",
			fixedDelayString = "${sagamart.encryption.read-interval:PT1H}")
	void run() {
		this.personalData.readKeys();
		Newest newest = Objects.requireNonNull(this.jdbc.queryForObject("""
				select number, extract(epoch from now() - created_at), encrypted from encryption_key
				order by number desc limit 1""", (row, _) -> new Newest(row.getInt(1),
				Duration.ofSeconds(row.getLong(2)), List.of((String[]) row.getArray(3).getArray()))));
		if (newest.age().compareTo(this.properties.dataKeyLife()) >= 0) {
			this.personalData.addKey();
			logger.info("Personal data is encrypted with data key {} from now on", newest.number() + 1);
		}
		else if (newest.age().compareTo(this.properties.readInterval().multipliedBy(2)) >= 0) {
			Stream.concat(this.properties.columns().stream(), DEAD_LETTERS.stream())
				.filter((column) -> !newest.encrypted().contains(column.name()))
				.forEach((column) -> encryptAnew(column, newest.number()));
		}
	}

	private void encryptAnew(EncryptedColumn column, int number) {
		int changed = 0;
		List<Row> rows = List.of(new Row(new UUID(0, 0), null, "", null));
		while (!rows.isEmpty()) {
			rows = this.jdbc.query(column.select(), (row, _) -> new Row(row.getObject(1, UUID.class), row.getBytes(2),
					row.getString(3), row.getBytes(4)), rows.getLast().key(), STEP);
			List<Object[]> changes = rows.stream().map(this::change).filter(Objects::nonNull).toList();
			this.jdbc.batchUpdate(column.update(), changes);
			changed += changes.size();
		}
		this.jdbc.update("update encryption_key set encrypted = array_append(encrypted, ?) where number = ?",
				column.name(), number);
		logger.info("{} rows of {} were encrypted anew, with data key {}", changed, column.name(), number);
	}

	/** The parameters of the update; {@code null} if the row is as it should be. */
	private Object @Nullable [] change(Row row) {
		try {
			// The plain text wins, because older versions of the service change only it.
			byte[] text = row.plain();
			if (text == null && row.encrypted() != null && this.personalData.isOutdated(row.encrypted())) {
				text = this.personalData.decryptBytes(row.encrypted(), row.purpose());
			}
			return (text != null) ? new Object[] { this.personalData.encrypt(text, row.purpose()), row.key(),
					row.encrypted(), row.plain() } : null;
		}
		catch (IllegalStateException ex) {
			logger.error("What cannot be decrypted stays as it is: {}", ex.getMessage());
			return null;
		}
	}

	/** The data key that encrypts, and the columns that no older one is needed for. */
	private record Newest(int number, Duration age, List<String> encrypted) {
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Row(UUID key, byte @Nullable [] encrypted, String purpose, byte @Nullable [] plain) {
	}

}
