package dev.sagamart.bad.stock;

import org.springframework.data.repository.Repository;

/** A repository. */
public interface Items extends Repository<String, String> {

}
