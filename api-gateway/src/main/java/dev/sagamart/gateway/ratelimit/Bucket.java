package dev.sagamart.gateway.ratelimit;

/**
 * A token bucket of a user or of an address.
 *
 * @param key names the limit and the user or address
 * @param rate its size, and how fast it fills
 */
record Bucket(String key, Rate rate) {
}
