package dev.sagamart.gateway.ratelimit;

/**
 * A token bucket of somebody.
 *
 * @param key whose it is, and under which limit
 * @param rate what it holds, and how it fills
 */
record Bucket(String key, Rate rate) {
}
