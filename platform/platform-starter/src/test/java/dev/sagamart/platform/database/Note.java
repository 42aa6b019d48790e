package dev.sagamart.platform.database;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;

@Entity
class Note {

	@Id
	UUID id = UUID.randomUUID();

}
