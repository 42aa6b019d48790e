package dev.sagamart.good.order;

import org.springframework.data.repository.Repository;

/** A repository that its own web adapter uses. */
public interface Orders extends Repository<String, String> {

}
